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

(* no point lies in both Ia and Ib *)
Theorem plane_disjoint_Ia_Ib : forall alpha beta : R,
  2 * alpha - 1 > 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha - 1 >= 0 \/ 2 * beta - 1 >= 0 \/ 2 * alpha + 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  left.
  order.
Qed.

(* no point lies in both Ia and Ic *)
Theorem plane_disjoint_Ia_Ic : forall alpha beta : R,
  2 * alpha - 1 > 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  alpha <= 0 \/ 4 * alpha - 1 >= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  right. left.
  order.
Qed.

(* no point lies in both Ia and II *)
Theorem plane_disjoint_Ia_II : forall alpha beta : R,
  2 * alpha - 1 > 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * beta - 1 <= 0 \/ alpha - beta <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  left.
  order.
Qed.

(* no point lies in both Ia and III *)
Theorem plane_disjoint_Ia_III : forall alpha beta : R,
  2 * alpha - 1 > 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha - 1 <= 0 \/ alpha - beta >= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  right.
  order.
Qed.

(* no point lies in both Ia and IVa *)
Theorem plane_disjoint_Ia_IVa : forall alpha beta : R,
  2 * alpha - 1 > 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha - 1 >= 0 \/ 2 * alpha ^ 2 - 4 * alpha + 1 >= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  left.
  order.
Qed.

(* no point lies in both Ia and IVb *)
Theorem plane_disjoint_Ia_IVb : forall alpha beta : R,
  2 * alpha - 1 > 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha - 1 >= 0 \/ 4 * alpha - 1 <= 0 \/ 2 * alpha ^ 2 - 4 * alpha + 1 <= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  left.
  order.
Qed.

(* no point lies in both Ib and Ic *)
Theorem plane_disjoint_Ib_Ic : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  alpha <= 0 \/ 4 * alpha - 1 >= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  right. right.
  order.
Qed.

(* no point lies in both Ib and II *)
Theorem plane_disjoint_Ib_II : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * beta - 1 <= 0 \/ alpha - beta <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  left.
  order.
Qed.

(* no point lies in both Ib and III *)
Theorem plane_disjoint_Ib_III : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha - 1 <= 0 \/ alpha - beta >= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  left.
  order.
Qed.

(* no point lies in both Ib and IVa *)
Theorem plane_disjoint_Ib_IVa : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha - 1 >= 0 \/ 2 * alpha ^ 2 - 4 * alpha + 1 >= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  right. right.
  order.
Qed.

(* no point lies in both Ib and IVb *)
Theorem plane_disjoint_Ib_IVb : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * beta - 1 < 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha - 1 >= 0 \/ 4 * alpha - 1 <= 0 \/ 2 * alpha ^ 2 - 4 * alpha + 1 <= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  right. right. right.
  order.
Qed.

(* no point lies in both Ic and II *)
Theorem plane_disjoint_Ic_II : forall alpha beta : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * beta - 1 <= 0 \/ alpha - beta <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  right.
  order.
Qed.

(* no point lies in both Ic and III *)
Theorem plane_disjoint_Ic_III : forall alpha beta : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 <= 0 \/ alpha - beta >= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  left.
  order.
Qed.

(* no point lies in both Ic and IVa *)
Theorem plane_disjoint_Ic_IVa : forall alpha beta : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 \/ 2 * alpha ^ 2 - 4 * alpha + 1 >= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  right. left.
  order.
Qed.

(* no point lies in both Ic and IVb *)
Theorem plane_disjoint_Ic_IVb : forall alpha beta : R,
  alpha > 0 ->
  4 * alpha - 1 < 0 ->
  2 * beta - 1 > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 \/ 4 * alpha - 1 <= 0 \/ 2 * alpha ^ 2 - 4 * alpha + 1 <= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  right. left.
  order.
Qed.

(* no point lies in both II and III *)
Theorem plane_disjoint_II_III : forall alpha beta : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 <= 0 \/ alpha - beta >= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  right.
  order.
Qed.

(* no point lies in both II and IVa *)
Theorem plane_disjoint_II_IVa : forall alpha beta : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 \/ 2 * alpha ^ 2 - 4 * alpha + 1 >= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  left.
  order.
Qed.

(* no point lies in both II and IVb *)
Theorem plane_disjoint_II_IVb : forall alpha beta : R,
  2 * beta - 1 > 0 ->
  alpha - beta > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 \/ 4 * alpha - 1 <= 0 \/ 2 * alpha ^ 2 - 4 * alpha + 1 <= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  left.
  order.
Qed.

(* no point lies in both III and IVa *)
Theorem plane_disjoint_III_IVa : forall alpha beta : R,
  2 * alpha - 1 > 0 ->
  alpha - beta < 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 \/ 2 * alpha ^ 2 - 4 * alpha + 1 >= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  left.
  order.
Qed.

(* no point lies in both III and IVb *)
Theorem plane_disjoint_III_IVb : forall alpha beta : R,
  2 * alpha - 1 > 0 ->
  alpha - beta < 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 \/ 4 * alpha - 1 <= 0 \/ 2 * alpha ^ 2 - 4 * alpha + 1 <= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4.
  left.
  order.
Qed.

(* no point lies in both IVa and IVb *)
Theorem plane_disjoint_IVa_IVb : forall alpha beta : R,
  2 * alpha - 1 < 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 < 0 ->
  2 * beta - 1 > 0 ->
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  2 * alpha - 1 >= 0 \/ 4 * alpha - 1 <= 0 \/ 2 * alpha ^ 2 - 4 * alpha + 1 <= 0 \/ 2 * beta - 1 <= 0.
Proof.
  intros alpha beta h1 h2 h3 h4 h5.
  right. right. left.
  order.
Qed.

(* every point of the domain off the critical curves lies in a phase *)
Theorem plane_cover : forall alpha beta : R,
  alpha > 0 ->
  2 * alpha + 2 * beta - 1 > 0 ->
  alpha - beta <> 0 ->
  2 * alpha - 1 <> 0 ->
  2 * beta - 1 <> 0 ->
  4 * alpha - 1 <> 0 ->
  2 * alpha ^ 2 - 4 * alpha + 1 <> 0 ->
  (2 * alpha - 1 > 0 /\ 2 * beta - 1 < 0 /\ 2 * alpha + 2 * beta - 1 > 0) \/
  (2 * alpha - 1 < 0 /\ 2 * beta - 1 < 0 /\ 2 * alpha + 2 * beta - 1 > 0) \/
  (alpha > 0 /\ 4 * alpha - 1 < 0 /\ 2 * beta - 1 > 0) \/
  (2 * beta - 1 > 0 /\ alpha - beta > 0) \/
  (2 * alpha - 1 > 0 /\ alpha - beta < 0) \/
  (2 * alpha - 1 < 0 /\ 2 * alpha ^ 2 - 4 * alpha + 1 < 0 /\ 2 * beta - 1 > 0) \/
  (2 * alpha - 1 < 0 /\ 4 * alpha - 1 > 0 /\ 2 * alpha ^ 2 - 4 * alpha + 1 > 0 /\ 2 * beta - 1 > 0).
Proof.
  intros alpha beta h1 h2 h3 h4 h5 h6 h7.
  destruct (Rdichotomy _ _ h3) as [s3 | s3].  (* alpha - beta *)
  {
    destruct (Rdichotomy _ _ h4) as [s4 | s4].  (* 2 * alpha - 1 *)
    {
      destruct (Rdichotomy _ _ h5) as [s5 | s5].  (* 2 * beta - 1 *)
      {
        right. left.
        every.
      }
      {
        destruct (Rdichotomy _ _ h6) as [s6 | s6].  (* 4 * alpha - 1 *)
        {
          right. right. left.
          every.
        }
        {
          destruct (Rdichotomy _ _ h7) as [s7 | s7].  (* 2 * alpha ^ 2 - 4 * alpha + 1 *)
          {
            right. right. right. right. right. left.
            every.
          }
          {
            right. right. right. right. right. right.
            every.
          }
        }
      }
    }
    {
      right. right. right. right. left.
      every.
    }
  }
  {
    destruct (Rdichotomy _ _ h4) as [s4 | s4].  (* 2 * alpha - 1 *)
    {
      right. left.
      every.
    }
    {
      destruct (Rdichotomy _ _ h5) as [s5 | s5].  (* 2 * beta - 1 *)
      {
        left.
        every.
      }
      {
        right. right. right. left.
        every.
      }
    }
  }
Qed.

Definition all_of_them := (plane_disjoint_Ia_Ib, plane_disjoint_Ia_Ic, plane_disjoint_Ia_II, plane_disjoint_Ia_III,
  plane_disjoint_Ia_IVa, plane_disjoint_Ia_IVb, plane_disjoint_Ib_Ic, plane_disjoint_Ib_II, plane_disjoint_Ib_III,
  plane_disjoint_Ib_IVa, plane_disjoint_Ib_IVb, plane_disjoint_Ic_II, plane_disjoint_Ic_III, plane_disjoint_Ic_IVa,
  plane_disjoint_Ic_IVb, plane_disjoint_II_III, plane_disjoint_II_IVa, plane_disjoint_II_IVb, plane_disjoint_III_IVa,
  plane_disjoint_III_IVb, plane_disjoint_IVa_IVb, plane_cover).
Print Assumptions all_of_them.
