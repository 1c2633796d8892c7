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

(* Ib: no size makes every piece smaller than f^(-eta) *)
Theorem Ib_minimum_1 : forall alpha beta x : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  x >= 0 ->
  -x + 1 >= 0 ->
  -2 * alpha * x + alpha + 2 * x - 1 >= 0 \/
  -2 * x + 1 >= 0 \/
  -4 * alpha ^ 2 * x + 2 * alpha ^ 2 + 2 * alpha * beta + 8 * alpha * x - 5 * alpha - 2 * x + 1 >= 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5 h6 h7 h8 h9.
  assert (u : 1 > 0) by order.
  assert (v : -alpha + 1 > 0) by order.
  assert (certificate : 1 * (-2 * alpha * x + alpha + 2 * x - 1) + (-alpha + 1) * (-2 * x + 1) = 0) by ring.
  destruct (one_is_nonnegative _ _ _ _ (Rgt_ge _ _ u) v (Req_ge _ _ certificate)) as [a | b].
  - left. exact a.
  - right. left. exact b.
Qed.

(* Ib: at d = f^xi no piece exceeds f^(-eta) < 1, and 1 < gamma r <= d^(2 alpha) *)
Theorem Ib_attained_1 : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  0 <= 0 /\ 0 <= 0 /\ 2 * beta - 1 <= 0 /\ 1 > 0 /\ 1 > 0 /\ 1 > 0 /\ 0 >= 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6 h7.
  every.
Qed.

(* Ib: at every other size some piece exceeds f^(-eta) *)
Theorem Ib_unique_1 : forall alpha beta x : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  x >= 0 ->
  -x + 1 >= 0 ->
  2 * x - 1 <> 0 ->
  -2 * alpha * x + alpha + 2 * x - 1 > 0 \/
  -2 * x + 1 > 0 \/
  -4 * alpha ^ 2 * x + 2 * alpha ^ 2 + 2 * alpha * beta + 8 * alpha * x - 5 * alpha - 2 * x + 1 > 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5 h6 h7 h8 h9 h10.
  assert (u : 1 > 0) by order.
  assert (v : -alpha + 1 > 0) by order.
  assert (certificate : 1 * (-2 * alpha * x + alpha + 2 * x - 1) + (-alpha + 1) * (-2 * x + 1) = 0) by ring.
  assert (c : -alpha + 1 <> 0) by nonzero.
  assert (away : -2 * alpha * x + alpha + 2 * x - 1 <> 0).
  {
    replace (-2 * alpha * x + alpha + 2 * x - 1) with ((-alpha + 1) * (2 * x - 1)) by ring.
    apply Rmult_integral_contrapositive_currified; [ exact c | exact h10 ].
  }
  destruct (one_is_positive _ _ _ _ u v certificate away) as [a | b].
  - left. exact a.
  - right. left. exact b.
Qed.

(* Ib: K_pp never exceeds the larger of F_pp, F_0 *)
Theorem Ib_dropped_K_pp_1 : forall alpha beta t : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  t >= 0 ->
  -2 * alpha ^ 2 + alpha * t - beta * t + alpha >= 0 \/
  -8 * alpha ^ 2 - 4 * alpha * beta + 4 * alpha * t + 4 * alpha - t >= 0.
Proof.
  intros alpha beta t h1 h2 h3 h4 h5 h6 h7 h8.
  destruct (Rge_or_gt 0 (-alpha + beta)) as [rises | v].
  { left. order. }
  assert (u : 4 * alpha - 1 >= 0) by order.
  assert (signs : 0 <= alpha * (-2 * beta + 1) * (2 * alpha + 2 * beta - 1)) by factors.
  destruct (one_is_nonnegative _ _ (-2 * alpha ^ 2 + alpha * t - beta * t + alpha) (-8 * alpha ^ 2 - 4 * alpha * beta
    + 4 * alpha * t + 4 * alpha - t) u v) as [a | b].
  - lra.
  - left. exact a.
  - right. exact b.
Qed.

(* Ib: F_pp is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem Ib_needed_F_pp_1 : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  1 > 0 /\ 1 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6 h7.
  every.
Qed.

(* Ib: F_0 is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem Ib_needed_F_0_1 : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -2 * alpha + 1 >= 0 ->
  4 * alpha - 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  4 * alpha + 1 > 0 /\ 1 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6 h7.
  every.
Qed.

(* Ib: no size makes every piece smaller than f^(-eta) *)
Theorem Ib_minimum_2 : forall alpha beta x : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -4 * alpha + 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  x >= 0 ->
  -x + 1 >= 0 ->
  -2 * alpha * x + alpha + 2 * x - 1 >= 0 \/ -2 * x + 1 >= 0 \/ -4 * alpha * x + 2 * alpha + 2 * beta - 1 >= 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5 h6 h7 h8.
  assert (u : 1 > 0) by order.
  assert (v : -alpha + 1 > 0) by order.
  assert (certificate : 1 * (-2 * alpha * x + alpha + 2 * x - 1) + (-alpha + 1) * (-2 * x + 1) = 0) by ring.
  destruct (one_is_nonnegative _ _ _ _ (Rgt_ge _ _ u) v (Req_ge _ _ certificate)) as [a | b].
  - left. exact a.
  - right. left. exact b.
Qed.

(* Ib: at d = f^xi no piece exceeds f^(-eta) < 1, and 1 < gamma r <= d^(2 alpha) *)
Theorem Ib_attained_2 : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -4 * alpha + 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  0 <= 0 /\ 0 <= 0 /\ 2 * beta - 1 <= 0 /\ 1 > 0 /\ 1 > 0 /\ 1 > 0 /\ 0 >= 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  every.
Qed.

(* Ib: at every other size some piece exceeds f^(-eta) *)
Theorem Ib_unique_2 : forall alpha beta x : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -4 * alpha + 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  x >= 0 ->
  -x + 1 >= 0 ->
  2 * x - 1 <> 0 ->
  -2 * alpha * x + alpha + 2 * x - 1 > 0 \/ -2 * x + 1 > 0 \/ -4 * alpha * x + 2 * alpha + 2 * beta - 1 > 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5 h6 h7 h8 h9.
  assert (u : 1 > 0) by order.
  assert (v : -alpha + 1 > 0) by order.
  assert (certificate : 1 * (-2 * alpha * x + alpha + 2 * x - 1) + (-alpha + 1) * (-2 * x + 1) = 0) by ring.
  assert (c : -alpha + 1 <> 0) by nonzero.
  assert (away : -2 * alpha * x + alpha + 2 * x - 1 <> 0).
  {
    replace (-2 * alpha * x + alpha + 2 * x - 1) with ((-alpha + 1) * (2 * x - 1)) by ring.
    apply Rmult_integral_contrapositive_currified; [ exact c | exact h9 ].
  }
  destruct (one_is_positive _ _ _ _ u v certificate away) as [a | b].
  - left. exact a.
  - right. left. exact b.
Qed.

(* Ib: K_pp never exceeds the larger of F_pp, F_0 *)
Theorem Ib_dropped_K_pp_2 : forall alpha beta t : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -4 * alpha + 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  t >= 0 ->
  4 * alpha ^ 2 - 2 * alpha * t - 2 * beta * t + t >= 0 \/ -2 * beta + 1 >= 0.
Proof.
  intros alpha beta t h1 h2 h3 h4 h5 h6 h7.
  right.
  order.
Qed.

(* Ib: F_pp is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem Ib_needed_F_pp_2 : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -4 * alpha + 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  1 > 0 /\ 1 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  every.
Qed.

(* Ib: F_0 is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1 *)
Theorem Ib_needed_F_0_2 : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  -4 * alpha + 1 >= 0 ->
  -2 * beta + 1 >= 0 ->
  4 * alpha + 1 > 0 /\ 1 > 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  every.
Qed.

(* Ib: xi is 1/2 *)
Theorem Ib_universality : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  0 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  reflexivity.
Qed.

Definition all_of_them := (Ib_minimum_1, Ib_attained_1, Ib_unique_1, Ib_dropped_K_pp_1, Ib_needed_F_pp_1,
  Ib_needed_F_0_1, Ib_minimum_2, Ib_attained_2, Ib_unique_2, Ib_dropped_K_pp_2, Ib_needed_F_pp_2, Ib_needed_F_0_2,
  Ib_universality).
Print Assumptions all_of_them.
