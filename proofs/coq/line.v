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

(* II-III: eta is the same on both sides *)
Theorem line_II_III_eta : forall alpha beta : R,
  alpha - beta = 0 ->
  2 * alpha - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -alpha + beta = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-alpha + beta) with ((-1) * (alpha - beta)) by ring.
  rewrite h1. ring.
Qed.

(* II-III: xi is the same on both sides *)
Theorem line_II_III_xi : forall alpha beta : R,
  alpha - beta = 0 ->
  2 * alpha - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -alpha + beta = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-alpha + beta) with ((-1) * (alpha - beta)) by ring.
  rewrite h1. ring.
Qed.

(* II-III: eta on the line is the limit from both sides *)
Theorem line_II_III_eta_on : forall alpha beta : R,
  alpha - beta = 0 ->
  2 * alpha - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha - beta = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (alpha - beta) with (1 * (alpha - beta)) by ring.
  rewrite h1. ring.
Qed.

(* II-III: xi on the line is the limit from both sides *)
Theorem line_II_III_xi_on : forall alpha beta : R,
  alpha - beta = 0 ->
  2 * alpha - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha - beta = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (alpha - beta) with (1 * (alpha - beta)) by ring.
  rewrite h1. ring.
Qed.

(* Ia-Ib: eta is the same on both sides *)
Theorem line_Ia_Ib_eta : forall alpha beta : R,
  2 * alpha - 1 = 0 ->
  beta > 0 ->
  2 * beta - 1 < 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha ^ 2 - 4 * alpha * beta + 4 * alpha + 2 * beta - 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  replace (-4 * alpha ^ 2 - 4 * alpha * beta + 4 * alpha + 2 * beta - 1) with ((-2 * alpha - 2 * beta + 1) *
    (2 * alpha - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ia-Ib: xi is the same on both sides *)
Theorem line_Ia_Ib_xi : forall alpha beta : R,
  2 * alpha - 1 = 0 ->
  beta > 0 ->
  2 * beta - 1 < 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  replace (-2 * alpha + 1) with ((-1) * (2 * alpha - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ia-Ib: eta on the line is the limit from both sides *)
Theorem line_Ia_Ib_eta_on : forall alpha beta : R,
  2 * alpha - 1 = 0 ->
  beta > 0 ->
  2 * beta - 1 < 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha * beta - 2 * alpha - beta + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  replace (2 * alpha * beta - 2 * alpha - beta + 1) with ((beta - 1) * (2 * alpha - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ia-Ib: xi on the line is the limit from both sides *)
Theorem line_Ia_Ib_xi_on : forall alpha beta : R,
  2 * alpha - 1 = 0 ->
  beta > 0 ->
  2 * beta - 1 < 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  replace (2 * alpha - 1) with (1 * (2 * alpha - 1)) by ring.
  rewrite h1. ring.
Qed.

(* III-IVa: eta is the same on both sides *)
Theorem line_III_IVa_eta : forall alpha beta : R,
  2 * alpha - 1 = 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha ^ 2 + 4 * alpha - 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-4 * alpha ^ 2 + 4 * alpha - 1) with ((-2 * alpha + 1) * (2 * alpha - 1)) by ring.
  rewrite h1. ring.
Qed.

(* III-IVa: xi is the same on both sides *)
Theorem line_III_IVa_xi : forall alpha beta : R,
  2 * alpha - 1 = 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  0 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  reflexivity.
Qed.

(* III-IVa: eta on the line is the limit from both sides *)
Theorem line_III_IVa_eta_on : forall alpha beta : R,
  2 * alpha - 1 = 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-2 * alpha + 1) with ((-1) * (2 * alpha - 1)) by ring.
  rewrite h1. ring.
Qed.

(* III-IVa: xi on the line is the limit from both sides *)
Theorem line_III_IVa_xi_on : forall alpha beta : R,
  2 * alpha - 1 = 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  0 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  reflexivity.
Qed.

(* Ib-Ic: eta is the same on both sides *)
Theorem line_Ib_Ic_eta : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha ^ 2 * beta - 4 * alpha * beta ^ 2 + 2 * alpha ^ 2 + 8 * alpha * beta + 4 * beta ^ 2 - 3 * alpha -
    4 * beta + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-4 * alpha ^ 2 * beta - 4 * alpha * beta ^ 2 + 2 * alpha ^ 2 + 8 * alpha * beta + 4 * beta ^ 2 - 3 * alpha
    - 4 * beta + 1) with ((-2 * alpha ^ 2 - 2 * alpha * beta + 3 * alpha + 2 * beta - 1) * (2 * beta - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ib-Ic: xi is the same on both sides *)
Theorem line_Ib_Ic_xi : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha * beta + alpha = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-2 * alpha * beta + alpha) with ((-alpha) * (2 * beta - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ib-Ic: eta on the line is the limit from both sides *)
Theorem line_Ib_Ic_eta_on : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * beta + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-2 * beta + 1) with ((-1) * (2 * beta - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ib-Ic: xi on the line is the limit from both sides *)
Theorem line_Ib_Ic_xi_on : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  0 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  reflexivity.
Qed.

(* Ib-IVb: eta is the same on both sides *)
Theorem line_Ib_IVb_eta : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha ^ 2 * beta - 4 * alpha * beta ^ 2 + 2 * alpha ^ 2 + 8 * alpha * beta + 4 * beta ^ 2 - 3 * alpha -
    4 * beta + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  replace (-4 * alpha ^ 2 * beta - 4 * alpha * beta ^ 2 + 2 * alpha ^ 2 + 8 * alpha * beta + 4 * beta ^ 2 - 3 * alpha
    - 4 * beta + 1) with ((-2 * alpha ^ 2 - 2 * alpha * beta + 3 * alpha + 2 * beta - 1) * (2 * beta - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ib-IVb: xi is the same on both sides *)
Theorem line_Ib_IVb_xi : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha * beta + alpha = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  replace (-2 * alpha * beta + alpha) with ((-alpha) * (2 * beta - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ib-IVb: eta on the line is the limit from both sides *)
Theorem line_Ib_IVb_eta_on : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * beta + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  replace (-2 * beta + 1) with ((-1) * (2 * beta - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ib-IVb: xi on the line is the limit from both sides *)
Theorem line_Ib_IVb_xi_on : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 < 0 ->
  4 * alpha - 1 > 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  0 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6.
  reflexivity.
Qed.

(* Ib-IVa: eta is the same on both sides *)
Theorem line_Ib_IVa_eta : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 < 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 < 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * beta - 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  replace (2 * beta - 1) with (1 * (2 * beta - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ib-IVa: xi is the same on both sides *)
Theorem line_Ib_IVa_xi : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 < 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 < 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  0 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  reflexivity.
Qed.

(* Ib-IVa: eta on the line is the limit from both sides *)
Theorem line_Ib_IVa_eta_on : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 < 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 < 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * beta + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  replace (-2 * beta + 1) with ((-1) * (2 * beta - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ib-IVa: xi on the line is the limit from both sides *)
Theorem line_Ib_IVa_xi_on : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 < 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 < 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  0 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  reflexivity.
Qed.

(* Ia-II: eta is the same on both sides *)
Theorem line_Ia_II_eta : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  4 * alpha * beta + 4 * beta ^ 2 - 2 * alpha - 4 * beta + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (4 * alpha * beta + 4 * beta ^ 2 - 2 * alpha - 4 * beta + 1) with ((2 * alpha + 2 * beta - 1) * (2 * beta -
    1)) by ring.
  rewrite h1. ring.
Qed.

(* Ia-II: xi is the same on both sides *)
Theorem line_Ia_II_xi : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha * beta + alpha = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-2 * alpha * beta + alpha) with ((-alpha) * (2 * beta - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ia-II: eta on the line is the limit from both sides *)
Theorem line_Ia_II_eta_on : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha * beta + 2 * alpha - 2 * beta + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-4 * alpha * beta + 2 * alpha - 2 * beta + 1) with ((-2 * alpha - 1) * (2 * beta - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ia-II: xi on the line is the limit from both sides *)
Theorem line_Ia_II_xi_on : forall alpha beta : R,
  2 * beta - 1 = 0 ->
  2 * alpha - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  0 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  reflexivity.
Qed.

(* Ic-IVb: eta is the same on both sides *)
Theorem line_Ic_IVb_eta : forall alpha beta : R,
  4 * alpha - 1 = 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -16 * alpha ^ 3 * beta - 16 * alpha ^ 2 * beta ^ 2 + 8 * alpha ^ 3 + 36 * alpha ^ 2 * beta + 20 * alpha * beta ^ 2 -
    14 * alpha ^ 2 - 24 * alpha * beta - 4 * beta ^ 2 + 7 * alpha + 4 * beta - 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-16 * alpha ^ 3 * beta - 16 * alpha ^ 2 * beta ^ 2 + 8 * alpha ^ 3 + 36 * alpha ^ 2 * beta +
    20 * alpha * beta ^ 2 - 14 * alpha ^ 2 - 24 * alpha * beta - 4 * beta ^ 2 + 7 * alpha + 4 * beta - 1) with
    ((-4 * alpha ^ 2 * beta - 4 * alpha * beta ^ 2 + 2 * alpha ^ 2 + 8 * alpha * beta + 4 * beta ^ 2 - 3 * alpha -
    4 * beta + 1) * (4 * alpha - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ic-IVb: xi is the same on both sides *)
Theorem line_Ic_IVb_xi : forall alpha beta : R,
  4 * alpha - 1 = 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -8 * alpha ^ 2 * beta + 4 * alpha ^ 2 + 2 * alpha * beta - alpha = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-8 * alpha ^ 2 * beta + 4 * alpha ^ 2 + 2 * alpha * beta - alpha) with ((-2 * alpha * beta + alpha) *
    (4 * alpha - 1)) by ring.
  rewrite h1. ring.
Qed.

(* Ic-IVb: eta on the line is the limit from both sides *)
Theorem line_Ic_IVb_eta_on : forall alpha beta : R,
  4 * alpha - 1 = 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -24 * alpha ^ 2 * beta - 32 * alpha * beta ^ 2 + 4 * alpha ^ 2 + 30 * alpha * beta + 8 * beta ^ 2 - 5 * alpha -
    6 * beta + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-24 * alpha ^ 2 * beta - 32 * alpha * beta ^ 2 + 4 * alpha ^ 2 + 30 * alpha * beta + 8 * beta ^ 2 -
    5 * alpha - 6 * beta + 1) with ((-6 * alpha * beta - 8 * beta ^ 2 + alpha + 6 * beta - 1) * (4 * alpha - 1)) by
    ring.
  rewrite h1. ring.
Qed.

(* Ic-IVb: xi on the line is the limit from both sides *)
Theorem line_Ic_IVb_xi_on : forall alpha beta : R,
  4 * alpha - 1 = 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -16 * alpha * beta ^ 2 + 16 * alpha * beta + 4 * beta ^ 2 - 4 * alpha - 4 * beta + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  replace (-16 * alpha * beta ^ 2 + 16 * alpha * beta + 4 * beta ^ 2 - 4 * alpha - 4 * beta + 1) with ((-4 * beta ^ 2
    + 4 * beta - 1) * (4 * alpha - 1)) by ring.
  rewrite h1. ring.
Qed.

(* IVa-IVb: eta is the same on both sides *)
Theorem line_IVa_IVb_eta : forall alpha beta : R,
  2 * alpha ^ 2 - 4 * alpha + 1 = 0 ->
  2 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha ^ 2 * beta + 2 * alpha ^ 2 + 8 * alpha * beta - 4 * alpha - 2 * beta + 1 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  replace (-4 * alpha ^ 2 * beta + 2 * alpha ^ 2 + 8 * alpha * beta - 4 * alpha - 2 * beta + 1) with ((-2 * beta + 1)
    * (2 * alpha ^ 2 - 4 * alpha + 1)) by ring.
  rewrite h1. ring.
Qed.

(* IVa-IVb: xi jumps everywhere on the line *)
Theorem line_IVa_IVb_xi : forall alpha beta : R,
  2 * alpha ^ 2 - 4 * alpha + 1 = 0 ->
  2 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -2 * alpha * beta + alpha <> 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  assert (signs : 0 < alpha * (2 * beta - 1)) by factors.
  nonzero.
Qed.

(* IVa-IVb: eta on the line is the limit from both sides *)
Theorem line_IVa_IVb_eta_on : forall alpha beta : R,
  2 * alpha ^ 2 - 4 * alpha + 1 = 0 ->
  2 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  0 = 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  reflexivity.
Qed.

(* IVa-IVb: K_pp is f^(-eta) at every size *)
Theorem line_IVa_IVb_flat : forall alpha beta x : R,
  2 * alpha ^ 2 - 4 * alpha + 1 = 0 ->
  2 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha ^ 2 * x + 2 * alpha ^ 2 + 8 * alpha * x - 4 * alpha - 2 * x + 1 = 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5.
  replace (-4 * alpha ^ 2 * x + 2 * alpha ^ 2 + 8 * alpha * x - 4 * alpha - 2 * x + 1) with ((-2 * x + 1) *
    (2 * alpha ^ 2 - 4 * alpha + 1)) by ring.
  rewrite h1. ring.
Qed.

(* IVa-IVb: at the third value of xi the other pieces are equal, and below it *)
Theorem line_IVa_IVb_below : forall alpha beta x : R,
  2 * alpha ^ 2 - 4 * alpha + 1 = 0 ->
  2 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  0 = 0 /\ -2 * beta + 1 < 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5.
  split.
  { reflexivity. }
  order.
Qed.

(* IVa-IVb: at every other size one of them is larger *)
Theorem line_IVa_IVb_third : forall alpha beta x : R,
  2 * alpha ^ 2 - 4 * alpha + 1 = 0 ->
  2 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -4 * alpha * beta * x + 6 * alpha * x + 4 * beta * x - 2 * alpha - 2 * beta - 2 * x + 1 <> 0 ->
  4 * alpha ^ 2 * beta * x - 6 * alpha ^ 2 * x - 8 * alpha * beta * x + 2 * alpha ^ 2 + 2 * alpha * beta +
    8 * alpha * x + 4 * beta * x - 3 * alpha - 2 * beta - 2 * x + 1 > 0 \/
  4 * alpha * beta * x - 6 * alpha * x - 4 * beta * x + 2 * alpha + 2 * beta + 2 * x - 1 > 0.
Proof.
  intros alpha beta x h1 h2 h3 h4 h5 h6.
  destruct (Rgt_or_ge (4 * alpha ^ 2 * beta * x - 6 * alpha ^ 2 * x - 8 * alpha * beta * x + 2 * alpha ^ 2 +
    2 * alpha * beta + 8 * alpha * x + 4 * beta * x - 3 * alpha - 2 * beta - 2 * x + 1) 0) as [a | n1].
  { left. exact a. }
  destruct (Rgt_or_ge (4 * alpha * beta * x - 6 * alpha * x - 4 * beta * x + 2 * alpha + 2 * beta + 2 * x - 1) 0) as
    [a | n2].
  { right. exact a. }
  exfalso. order.
Qed.

(* IVa-IVb: the third value of xi lies strictly between those of the two sides *)
Theorem line_IVa_IVb_between : forall alpha beta : R,
  2 * alpha ^ 2 - 4 * alpha + 1 = 0 ->
  2 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  -16 * alpha ^ 3 * beta ^ 2 + 16 * alpha ^ 3 * beta + 4 * alpha ^ 2 * beta ^ 2 - 4 * alpha ^ 3 - 4 * alpha ^ 2 * beta
    + alpha ^ 2 < 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  assert (signs : 0 < alpha * alpha * (2 * beta - 1) * (2 * beta - 1) * (4 * alpha - 1)) by factors.
  lra.
Qed.

Definition all_of_them := (line_II_III_eta, line_II_III_xi, line_II_III_eta_on, line_II_III_xi_on, line_Ia_Ib_eta,
  line_Ia_Ib_xi, line_Ia_Ib_eta_on, line_Ia_Ib_xi_on, line_III_IVa_eta, line_III_IVa_xi, line_III_IVa_eta_on,
  line_III_IVa_xi_on, line_Ib_Ic_eta, line_Ib_Ic_xi, line_Ib_Ic_eta_on, line_Ib_Ic_xi_on, line_Ib_IVb_eta,
  line_Ib_IVb_xi, line_Ib_IVb_eta_on, line_Ib_IVb_xi_on, line_Ib_IVa_eta, line_Ib_IVa_xi, line_Ib_IVa_eta_on,
  line_Ib_IVa_xi_on, line_Ia_II_eta, line_Ia_II_xi, line_Ia_II_eta_on, line_Ia_II_xi_on, line_Ic_IVb_eta,
  line_Ic_IVb_xi, line_Ic_IVb_eta_on, line_Ic_IVb_xi_on, line_IVa_IVb_eta, line_IVa_IVb_xi, line_IVa_IVb_eta_on,
  line_IVa_IVb_flat, line_IVa_IVb_below, line_IVa_IVb_third, line_IVa_IVb_between).
Print Assumptions all_of_them.
