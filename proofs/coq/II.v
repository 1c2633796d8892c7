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

(* II: the denominators are positive *)
Theorem II_denominators : forall alpha beta : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  2 * alpha + 2 * beta > 0 /\ alpha + beta > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  every.
Qed.

(* II: no size makes every piece smaller than f^(-eta) *)
Theorem II_minimum : forall alpha beta x : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  x >= 0 ->
  -x + 1 >= 0 ->
  alpha * x + beta * x - beta >= 0 \/
  -alpha * x - beta * x + beta >= 0 \/
  -4 * alpha ^ 2 * x - 4 * alpha * beta * x + 2 * alpha + 2 * beta - 1 >= 0 \/
  4 * alpha ^ 2 * x + 4 * alpha * beta * x - 2 * alpha ^ 2 - 2 * alpha * beta - alpha * x - beta * x + beta >= 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5 h6 h7 h8.
  assert (u : 1 > 0) by order.
  assert (v : 1 > 0) by order.
  assert (certificate : 1 * (alpha * x + beta * x - beta) + 1 * (-alpha * x - beta * x + beta) = 0) by ring.
  destruct (one_is_nonnegative _ _ _ _ (Rgt_ge _ _ u) v (Req_ge _ _ certificate)) as [a | b].
  - left. exact a.
  - right. left. exact b.
Qed.

(* II: at d = f^xi no piece exceeds f^(-eta) < 1, and 1 < gamma r <= d^(2 alpha) *)
Theorem II_attained : forall alpha beta : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  0 <= 0 /\
  0 <= 0 /\
  -4 * alpha ^ 2 * beta - 4 * alpha * beta ^ 2 + 2 * alpha ^ 2 + 4 * alpha * beta + 2 * beta ^ 2 - alpha - beta <= 0
    /\
  -alpha ^ 2 + beta ^ 2 <= 0 /\
  1 > 0 /\
  beta > 0 /\
  1 > 0 /\
  2 * beta - 1 >= 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  split.
  { order. }
  split.
  { order. }
  split.
  {
    assert (signs : 0 <= (alpha + beta) * (2 * beta - 1) * (2 * alpha - 1)) by factors.
    lra.
  }
  split.
  {
    assert (signs : 0 <= (alpha - beta) * (alpha + beta)) by factors.
    lra.
  }
  split.
  { order. }
  split.
  { order. }
  split.
  { order. }
  order.
Qed.

(* II: at every other size some piece exceeds f^(-eta) *)
Theorem II_unique : forall alpha beta x : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  x >= 0 ->
  -x + 1 >= 0 ->
  alpha * x + beta * x - beta <> 0 ->
  alpha * x + beta * x - beta > 0 \/
  -alpha * x - beta * x + beta > 0 \/
  -4 * alpha ^ 2 * x - 4 * alpha * beta * x + 2 * alpha + 2 * beta - 1 > 0 \/
  4 * alpha ^ 2 * x + 4 * alpha * beta * x - 2 * alpha ^ 2 - 2 * alpha * beta - alpha * x - beta * x + beta > 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5 h6 h7 h8 h9.
  assert (u : 1 > 0) by order.
  assert (v : 1 > 0) by order.
  assert (certificate : 1 * (alpha * x + beta * x - beta) + 1 * (-alpha * x - beta * x + beta) = 0) by ring.
  assert (c : 1 <> 0) by nonzero.
  assert (away : alpha * x + beta * x - beta <> 0).
  {
    replace (alpha * x + beta * x - beta) with (1 * (alpha * x + beta * x - beta)) by ring.
    apply Rmult_integral_contrapositive_currified; [ exact c | exact h9 ].
  }
  destruct (one_is_positive _ _ _ _ u v certificate away) as [a | b].
  - left. exact a.
  - right. left. exact b.
Qed.

(* II: K_pp never exceeds the larger of F_pp, F_ac, F_0 *)
Theorem II_dropped_K_pp : forall alpha beta t : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  t >= 0 ->
  alpha * t - beta * t >= 0 \/ t - 1 >= 0 \/ -4 * alpha ^ 2 + 4 * alpha * t - t >= 0.
Proof.
  intros alpha beta t h1 h2 h3 h4 h5 h6 h7.
  left.
  assert (signs : 0 <= t * (alpha - beta)) by factors.
  lra.
Qed.

(* II: F_pp is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem II_needed_F_pp : forall alpha beta : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  1 > 0 /\ beta ^ 2 > 0 /\ 8 * alpha * beta ^ 2 - 2 * alpha * beta - 2 * beta ^ 2 + beta > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  split.
  { order. }
  split.
  {
    assert (signs : 0 < beta * beta) by factors.
    lra.
  }
  assert (signs : 0 < beta * (8 * alpha * beta - 2 * alpha - 2 * beta + 1)) by factors.
  lra.
Qed.

(* II: F_ac is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem II_needed_F_ac : forall alpha beta : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  2 * beta + 1 > 0 /\
  2 * beta ^ 3 - beta ^ 2 > 0 /\
  4 * alpha * beta ^ 2 - 2 * alpha * beta - 2 * beta ^ 2 + beta > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  split.
  { order. }
  split.
  {
    assert (signs : 0 < beta * beta * (2 * beta - 1)) by factors.
    lra.
  }
  assert (signs : 0 < beta * (2 * beta - 1) * (2 * alpha - 1)) by factors.
  lra.
Qed.

(* II: F_0 is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem II_needed_F_0 : forall alpha beta : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  4 * alpha + 1 > 0 /\ 8 * alpha * beta - 2 * alpha + 2 * beta - 1 > 0 /\ 2 * alpha - 1 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  every.
Qed.

(* II: xi is below 1/2 *)
Theorem II_universality : forall alpha beta : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -alpha + beta < 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  order.
Qed.

Definition all_of_them := (II_denominators, II_minimum, II_attained, II_unique, II_dropped_K_pp, II_needed_F_pp,
  II_needed_F_ac, II_needed_F_0, II_universality).
Print Assumptions all_of_them.
