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

(* IVb: the denominators are positive *)
Theorem IVb_denominators : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  -4 * alpha * beta - 2 * alpha + 4 * beta > 0 /\ -2 * alpha * beta - alpha + 2 * beta > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6 h7 h8 h9.
  every.
Qed.

(* IVb: no size makes every piece smaller than f^(-eta) *)
Theorem IVb_minimum : forall alpha beta x : R,
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  x >= 0 ->
  -x + 1 >= 0 ->
  2 * alpha ^ 2 * beta * x + alpha ^ 2 * x - 4 * alpha * beta * x - alpha ^ 2 + alpha * beta - alpha * x +
    2 * beta * x + alpha - beta >= 0 \/
  8 * alpha ^ 2 * beta * x + 4 * alpha ^ 2 * x - 8 * alpha * beta * x - 4 * alpha ^ 2 - 4 * alpha * beta + 4 * alpha +
    2 * beta - 1 >= 0 \/
  4 * alpha ^ 3 * beta * x + 2 * alpha ^ 3 * x - 12 * alpha ^ 2 * beta * x - 2 * alpha ^ 3 + 2 * alpha ^ 2 * beta -
    4 * alpha ^ 2 * x + 10 * alpha * beta * x + 4 * alpha ^ 2 - 4 * alpha * beta + alpha * x - 2 * beta * x - alpha +
    beta >= 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5 h6 h7 h8 h9 h10 h11.
  assert (u : 2 * alpha ^ 2 - 4 * alpha + 1 > 0) by order.
  assert (v : -alpha + 1 > 0) by order.
  assert (certificate : (2 * alpha ^ 2 - 4 * alpha + 1) * (2 * alpha ^ 2 * beta * x + alpha ^ 2 * x -
    4 * alpha * beta * x - alpha ^ 2 + alpha * beta - alpha * x + 2 * beta * x + alpha - beta) + (-alpha + 1) *
    (4 * alpha ^ 3 * beta * x + 2 * alpha ^ 3 * x - 12 * alpha ^ 2 * beta * x - 2 * alpha ^ 3 + 2 * alpha ^ 2 * beta -
    4 * alpha ^ 2 * x + 10 * alpha * beta * x + 4 * alpha ^ 2 - 4 * alpha * beta + alpha * x - 2 * beta * x - alpha +
    beta) = 0) by ring.
  destruct (one_is_nonnegative _ _ _ _ (Rgt_ge _ _ u) v (Req_ge _ _ certificate)) as [a | b].
  - left. exact a.
  - right. right. exact b.
Qed.

(* IVb: at d = f^xi no piece exceeds f^(-eta) < 1, and 1 < gamma r <= d^(2 alpha) *)
Theorem IVb_attained : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  0 <= 0 /\
  16 * alpha ^ 2 * beta ^ 2 - 20 * alpha * beta ^ 2 - 4 * alpha ^ 2 + 8 * alpha * beta + 4 * beta ^ 2 + alpha -
    2 * beta <= 0 /\
  0 <= 0 /\
  -2 * alpha + 1 > 0 /\
  -alpha + beta > 0 /\
  -2 * alpha + 1 > 0 /\
  2 * beta - 1 >= 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6 h7 h8 h9.
  split.
  { order. }
  split.
  {
    assert (signs : 0 <= (2 * beta - 1) * (4 * alpha - 1) * (-2 * alpha * beta - alpha + 2 * beta)) by factors.
    lra.
  }
  split.
  { order. }
  split.
  { order. }
  split.
  { order. }
  split.
  { order. }
  order.
Qed.

(* IVb: at every other size some piece exceeds f^(-eta) *)
Theorem IVb_unique : forall alpha beta x : R,
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  x >= 0 ->
  -x + 1 >= 0 ->
  -2 * alpha * beta * x - alpha * x + 2 * beta * x + alpha - beta <> 0 ->
  2 * alpha ^ 2 * beta * x + alpha ^ 2 * x - 4 * alpha * beta * x - alpha ^ 2 + alpha * beta - alpha * x +
    2 * beta * x + alpha - beta > 0 \/
  8 * alpha ^ 2 * beta * x + 4 * alpha ^ 2 * x - 8 * alpha * beta * x - 4 * alpha ^ 2 - 4 * alpha * beta + 4 * alpha +
    2 * beta - 1 > 0 \/
  4 * alpha ^ 3 * beta * x + 2 * alpha ^ 3 * x - 12 * alpha ^ 2 * beta * x - 2 * alpha ^ 3 + 2 * alpha ^ 2 * beta -
    4 * alpha ^ 2 * x + 10 * alpha * beta * x + 4 * alpha ^ 2 - 4 * alpha * beta + alpha * x - 2 * beta * x - alpha +
    beta > 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5 h6 h7 h8 h9 h10 h11 h12.
  assert (u : 2 * alpha ^ 2 - 4 * alpha + 1 > 0) by order.
  assert (v : -alpha + 1 > 0) by order.
  assert (certificate : (2 * alpha ^ 2 - 4 * alpha + 1) * (2 * alpha ^ 2 * beta * x + alpha ^ 2 * x -
    4 * alpha * beta * x - alpha ^ 2 + alpha * beta - alpha * x + 2 * beta * x + alpha - beta) + (-alpha + 1) *
    (4 * alpha ^ 3 * beta * x + 2 * alpha ^ 3 * x - 12 * alpha ^ 2 * beta * x - 2 * alpha ^ 3 + 2 * alpha ^ 2 * beta -
    4 * alpha ^ 2 * x + 10 * alpha * beta * x + 4 * alpha ^ 2 - 4 * alpha * beta + alpha * x - 2 * beta * x - alpha +
    beta) = 0) by ring.
  assert (c : -alpha + 1 <> 0) by nonzero.
  assert (away : 2 * alpha ^ 2 * beta * x + alpha ^ 2 * x - 4 * alpha * beta * x - alpha ^ 2 + alpha * beta -
    alpha * x + 2 * beta * x + alpha - beta <> 0).
  {
    replace (2 * alpha ^ 2 * beta * x + alpha ^ 2 * x - 4 * alpha * beta * x - alpha ^ 2 + alpha * beta - alpha * x +
      2 * beta * x + alpha - beta) with ((-alpha + 1) * (-2 * alpha * beta * x - alpha * x + 2 * beta * x + alpha -
      beta)) by ring.
    apply Rmult_integral_contrapositive_currified; [ exact c | exact h12 ].
  }
  destruct (one_is_positive _ _ _ _ u v certificate away) as [a | b].
  - left. exact a.
  - right. right. exact b.
Qed.

(* IVb: F_pp is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem IVb_needed_F_pp : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  -2 * alpha + 1 > 0 /\
  4 * alpha ^ 3 - 16 * alpha ^ 2 * beta + 12 * alpha * beta ^ 2 + 4 * alpha ^ 2 - 2 * alpha * beta - 2 * beta ^ 2 -
    alpha + beta > 0 /\
  -2 * alpha ^ 3 + 4 * alpha ^ 2 * beta - 2 * alpha * beta ^ 2 + alpha ^ 2 - 2 * alpha * beta + beta ^ 2 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6 h7 h8 h9.
  split.
  { order. }
  split.
  {
    assert (signs : 0 < (-alpha + beta) * (-4 * alpha ^ 2 + 12 * alpha * beta - 4 * alpha - 2 * beta + 1)) by factors.
    lra.
  }
  assert (signs : 0 < (-2 * alpha + 1) * (-alpha + beta) * (-alpha + beta)) by factors.
  lra.
Qed.

(* IVb: K_pp is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem IVb_needed_K_pp : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  -4 * alpha + 2 * beta + 1 > 0 /\
  2 * alpha ^ 2 * beta - 4 * alpha * beta ^ 2 + 2 * beta ^ 3 - alpha ^ 2 + 2 * alpha * beta - beta ^ 2 > 0 /\
  -8 * alpha ^ 2 * beta + 8 * alpha * beta ^ 2 + 4 * alpha ^ 2 - 2 * alpha * beta - 2 * beta ^ 2 - alpha + beta > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6 h7 h8 h9.
  split.
  { order. }
  split.
  {
    assert (signs : 0 < (-alpha + beta) * (-alpha + beta) * (2 * beta - 1)) by factors.
    lra.
  }
  assert (signs : 0 < (-alpha + beta) * (2 * beta - 1) * (4 * alpha - 1)) by factors.
  lra.
Qed.

(* IVb: F_0 is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem IVb_needed_F_0 : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  2 * beta - 1 >= 0 ->
  4 * alpha + 1 > 0 /\ 8 * alpha * beta - 2 * alpha + 2 * beta - 1 > 0 /\ 4 * alpha - 1 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6 h7 h8 h9.
  every.
Qed.

(* IVb: xi is above 1/2 *)
Theorem IVb_universality : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * beta - 1 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  order.
Qed.

Definition all_of_them := (IVb_denominators, IVb_minimum, IVb_attained, IVb_unique, IVb_needed_F_pp, IVb_needed_K_pp,
  IVb_needed_F_0, IVb_universality).
Print Assumptions all_of_them.
