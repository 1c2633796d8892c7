(* Written by python -m scalesym.theorems; see README.md in the folder above. *)

Require Import Reals Psatz.
Open Scope R_scope.

(* Signs: linear arithmetic over the hypotheses, then over their products of degree two. *)
Ltac order := first [ lra | nra ].

(* A product of positive factors is positive; of nonnegative ones, nonnegative. *)
Ltac factors := first [ repeat apply Rmult_lt_0_compat; order | repeat apply Rmult_le_pos; order | nra ].

(* Every part of a conjunction. *)
Ltac every := repeat (split; [ order | ]); order.

Ltac nonzero := first [ apply Rgt_not_eq; order | apply Rlt_not_eq; order ].

(* If u a + v b is not negative, then not both of a, b are. *)
Lemma one_is_nonnegative :
  forall u v a b : R, u >= 0 -> v > 0 -> u * a + v * b >= 0 -> a >= 0 \/ b >= 0.
Proof.
  intros u v a b hu hv sum.
  destruct (Rge_or_gt a 0) as [ha | ha]; [ left; exact ha | right ].
  destruct (Rge_or_gt b 0) as [hb | hb]; [ exact hb | exfalso ].
  assert (ua : 0 <= u * - a) by (apply Rmult_le_pos; lra).
  assert (vb : 0 < v * - b) by (apply Rmult_lt_0_compat; lra).
  lra.
Qed.

(* If u a + v b = 0 and a is not 0, then one of a, b is positive. *)
Lemma one_is_positive :
  forall u v a b : R, u > 0 -> v > 0 -> u * a + v * b = 0 -> a <> 0 -> a > 0 \/ b > 0.
Proof.
  intros u v a b hu hv sum away.
  destruct (Rdichotomy a 0 away) as [ha | ha]; [ right | left; exact ha ].
  destruct (Rgt_or_ge b 0) as [hb | hb]; [ exact hb | exfalso ].
  assert (ua : 0 < u * - a) by (apply Rmult_lt_0_compat; lra).
  assert (vb : 0 <= v * - b) by (apply Rmult_le_pos; lra).
  lra.
Qed.

(* sector 1: once gamma r >= d^(2 alpha) no power of another piece exceeds F_0 *)
Theorem sector_1_range : forall alpha beta t : R,
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  -2 * alpha + t >= 0 ->
  -4 * alpha ^ 2 + 2 * alpha * t + 2 * beta * t - t >= 0 /\
  -4 * alpha ^ 2 + 2 * alpha * t + 2 * alpha - t >= 0 /\
  -4 * alpha ^ 2 + 4 * alpha * t - t >= 0.
Proof.
  intros alpha beta t h1 h2 h3 h4 h5.
  split.
  { order. }
  split.
  {
    assert (signs : 0 <= (-2 * alpha + t) * (2 * alpha - 1)) by factors.
    lra.
  }
  order.
Qed.

(* sector 2: once gamma r >= d^(2 alpha) no power of another piece exceeds F_0 *)
Theorem sector_2_range : forall alpha beta t : R,
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  -2 * alpha + t >= 0 ->
  -2 * alpha + t >= 0 /\ -4 * alpha ^ 2 - 4 * alpha * beta + 4 * alpha * t + 2 * alpha - t >= 0.
Proof.
  intros alpha beta t h1 h2 h3 h4 h5.
  every.
Qed.

(* sector 3: once gamma r >= d^(2 alpha) no power of another piece exceeds F_0 *)
Theorem sector_3_range : forall alpha beta t : R,
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  -2 * alpha + t >= 0 ->
  -4 * alpha ^ 2 + 2 * alpha * t + 2 * beta * t - t >= 0 /\ -8 * alpha ^ 2 + 4 * alpha * t + 2 * alpha - t >= 0.
Proof.
  intros alpha beta t h1 h2 h3 h4 h5 h6.
  split.
  { order. }
  assert (signs : 0 <= (-2 * alpha + t) * (4 * alpha - 1)) by factors.
  lra.
Qed.

(* sector 4: once gamma r >= d^(2 alpha) no power of another piece exceeds F_0 *)
Theorem sector_4_range : forall alpha beta t : R,
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  -2 * alpha + t >= 0 ->
  -2 * alpha + t >= 0 /\ -8 * alpha ^ 2 - 4 * alpha * beta + 4 * alpha * t + 4 * alpha - t >= 0.
Proof.
  intros alpha beta t h1 h2 h3 h4 h5 h6.
  every.
Qed.

(* sector 5: once gamma r >= d^(2 alpha) no power of another piece exceeds F_0 *)
Theorem sector_5_range : forall alpha beta t : R,
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha + 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  -2 * alpha + t >= 0 ->
  -4 * alpha ^ 2 + 2 * alpha * t + 2 * beta * t - t >= 0 /\ 0 >= 0.
Proof.
  intros alpha beta t h1 h2 h3 h4 h5.
  every.
Qed.

(* sector 6: once gamma r >= d^(2 alpha) no power of another piece exceeds F_0 *)
Theorem sector_6_range : forall alpha beta t : R,
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha + 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  -2 * alpha + t >= 0 ->
  -2 * alpha + t >= 0 /\ -2 * beta + 1 >= 0.
Proof.
  intros alpha beta t h1 h2 h3 h4 h5.
  every.
Qed.

Definition all_of_them := (sector_1_range, sector_2_range, sector_3_range, sector_4_range, sector_5_range,
  sector_6_range).
Print Assumptions all_of_them.
