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

(* Ic: the denominators are positive *)
Theorem Ic_denominators : forall alpha beta : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha + 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  -2 * alpha * beta + 3 * alpha + 2 * beta - 1 > 0 /\ -4 * alpha * beta + 6 * alpha + 4 * beta - 2 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  every.
Qed.

(* Ic: no size makes every piece smaller than f^(-eta) *)
Theorem Ic_minimum : forall alpha beta x : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha + 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  x >= 0 ->
  -x + 1 >= 0 ->
  4 * alpha ^ 2 * beta * x - 6 * alpha ^ 2 * x - 8 * alpha * beta * x + 2 * alpha ^ 2 + 2 * alpha * beta +
    8 * alpha * x + 4 * beta * x - 3 * alpha - 2 * beta - 2 * x + 1 >= 0 \/
  4 * alpha * beta * x - 6 * alpha * x - 4 * beta * x + 2 * alpha + 2 * beta + 2 * x - 1 >= 0 \/
  4 * alpha * beta * x - 6 * alpha * x - 4 * beta * x + 2 * alpha + 2 * beta + 2 * x - 1 >= 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5 h6 h7 h8.
  assert (u : 1 > 0) by order.
  assert (v : -alpha + 1 > 0) by order.
  assert (certificate : 1 * (4 * alpha ^ 2 * beta * x - 6 * alpha ^ 2 * x - 8 * alpha * beta * x + 2 * alpha ^ 2 +
    2 * alpha * beta + 8 * alpha * x + 4 * beta * x - 3 * alpha - 2 * beta - 2 * x + 1) + (-alpha + 1) *
    (4 * alpha * beta * x - 6 * alpha * x - 4 * beta * x + 2 * alpha + 2 * beta + 2 * x - 1) = 0) by ring.
  destruct (one_is_nonnegative _ _ _ _ (Rgt_ge _ _ u) v (Req_ge _ _ certificate)) as [a | b].
  - left. exact a.
  - right. left. exact b.
Qed.

(* Ic: at d = f^xi no piece exceeds f^(-eta) < 1, and 1 < gamma r <= d^(2 alpha) *)
Theorem Ic_attained : forall alpha beta : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha + 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  0 <= 0 /\ 0 <= 0 /\ 0 <= 0 /\ 1 > 0 /\ 1 > 0 /\ 1 > 0 /\ 2 * beta - 1 >= 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  every.
Qed.

(* Ic: at every other size some piece exceeds f^(-eta) *)
Theorem Ic_unique : forall alpha beta x : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha + 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  x >= 0 ->
  -x + 1 >= 0 ->
  -4 * alpha * beta * x + 6 * alpha * x + 4 * beta * x - 2 * alpha - 2 * beta - 2 * x + 1 <> 0 ->
  4 * alpha ^ 2 * beta * x - 6 * alpha ^ 2 * x - 8 * alpha * beta * x + 2 * alpha ^ 2 + 2 * alpha * beta +
    8 * alpha * x + 4 * beta * x - 3 * alpha - 2 * beta - 2 * x + 1 > 0 \/
  4 * alpha * beta * x - 6 * alpha * x - 4 * beta * x + 2 * alpha + 2 * beta + 2 * x - 1 > 0 \/
  4 * alpha * beta * x - 6 * alpha * x - 4 * beta * x + 2 * alpha + 2 * beta + 2 * x - 1 > 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5 h6 h7 h8 h9.
  assert (u : 1 > 0) by order.
  assert (v : -alpha + 1 > 0) by order.
  assert (certificate : 1 * (4 * alpha ^ 2 * beta * x - 6 * alpha ^ 2 * x - 8 * alpha * beta * x + 2 * alpha ^ 2 +
    2 * alpha * beta + 8 * alpha * x + 4 * beta * x - 3 * alpha - 2 * beta - 2 * x + 1) + (-alpha + 1) *
    (4 * alpha * beta * x - 6 * alpha * x - 4 * beta * x + 2 * alpha + 2 * beta + 2 * x - 1) = 0) by ring.
  assert (c : -alpha + 1 <> 0) by nonzero.
  assert (away : 4 * alpha ^ 2 * beta * x - 6 * alpha ^ 2 * x - 8 * alpha * beta * x + 2 * alpha ^ 2 +
    2 * alpha * beta + 8 * alpha * x + 4 * beta * x - 3 * alpha - 2 * beta - 2 * x + 1 <> 0).
  {
    replace (4 * alpha ^ 2 * beta * x - 6 * alpha ^ 2 * x - 8 * alpha * beta * x + 2 * alpha ^ 2 + 2 * alpha * beta +
      8 * alpha * x + 4 * beta * x - 3 * alpha - 2 * beta - 2 * x + 1) with ((-alpha + 1) * (-4 * alpha * beta * x +
      6 * alpha * x + 4 * beta * x - 2 * alpha - 2 * beta - 2 * x + 1)) by ring.
    apply Rmult_integral_contrapositive_currified; [ exact c | exact h9 ].
  }
  destruct (one_is_positive _ _ _ _ u v certificate away) as [a | b].
  - left. exact a.
  - right. left. exact b.
Qed.

(* Ic: K_pp never exceeds the larger of F_pp, F_0 *)
Theorem Ic_dropped_K_pp : forall alpha beta t : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha + 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  t >= 0 ->
  4 * alpha ^ 2 - 2 * alpha * t - 2 * beta * t + t >= 0 \/ 0 >= 0.
Proof.
  intros alpha beta t h1 h2 h3 h4 h5 h6 h7.
  right.
  order.
Qed.

(* Ic: F_pp is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem Ic_needed_F_pp : forall alpha beta : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha + 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  1 > 0 /\ 1 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  every.
Qed.

(* Ic: F_0 is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem Ic_needed_F_0 : forall alpha beta : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha + 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  8 * alpha ^ 2 + 2 * alpha + 2 * beta - 1 > 0 /\ 1 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  every.
Qed.

(* Ic: xi is above 1/2 *)
Theorem Ic_universality : forall alpha beta : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * beta - 1 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  order.
Qed.

Definition all_of_them := (Ic_denominators, Ic_minimum, Ic_attained, Ic_unique, Ic_dropped_K_pp, Ic_needed_F_pp,
  Ic_needed_F_0, Ic_universality).
Print Assumptions all_of_them.
