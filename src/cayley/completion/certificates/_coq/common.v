From Coq Require Import List Arith NArith ZArith PArith FMapPositive Bool Lia.
Import ListNotations.
Open Scope N_scope.

(* What the labels of a table are: they number the elements, one each. *)

Definition bijective {T : Type} (n : N) (f : N -> T) : Prop :=
  (forall a b, a < n -> b < n -> f a = f b -> a = b) /\ (forall x, exists a, a < n /\ f a = x).

(* A cell (a, b, c) says of some table that row a, column b is c: that P a b c. *)

Definition hold (P : N -> N -> N -> Prop) (cells : list (N * N * N)) : Prop :=
  forall a b c, In (a, b, c) cells -> P a b c.

Lemma hold_app : forall P one two, hold P one -> hold P two -> hold P (one ++ two).
Proof. intros P one two H1 H2 a b c Hin. apply in_app_or in Hin. destruct Hin; auto. Qed.

Definition in_range (n : N) (t : N * N * N) : bool :=
  (fst (fst t) <? n) && (snd (fst t) <? n) && (snd t <? n).

Definition numbers (n : N) : list N := map N.of_nat (seq 0 (N.to_nat n)).
Definition all (n : N) (p : N -> bool) : bool := forallb p (numbers n).

Lemma numbers_all : forall n a, a < n -> In a (numbers n).
Proof.
  intros n a Ha. unfold numbers. apply in_map_iff. exists (N.to_nat a). split; [apply N2Nat.id|].
  apply in_seq. lia.
Qed.

Lemma numbers_below : forall n a, In a (numbers n) -> a < n.
Proof.
  intros n a Ha. unfold numbers in Ha. apply in_map_iff in Ha. destruct Ha as [k [<- Hk]].
  apply in_seq in Hk. lia.
Qed.

Lemma all_below : forall n p, all n p = true -> forall a, a < n -> p a = true.
Proof. intros n p H a Ha. unfold all in H. rewrite forallb_forall in H. apply H, numbers_all, Ha. Qed.

Ltac split_and := repeat match goal with
  | H : _ /\ _ |- _ => destruct H
  | H : (_ && _) = true |- _ => apply andb_prop in H; destruct H
  | H : (_ =? _) = true |- _ => apply N.eqb_eq in H
  | H : (_ <? _) = true |- _ => apply N.ltb_lt in H
  end; subst.

(* Lists without repeats. *)

Definition member (i : N) (places : list N) : bool := existsb (N.eqb i) places.
Fixpoint distinct (l : list N) : bool :=
  match l with [] => true | x :: l => negb (member x l) && distinct l end.

Lemma member_in : forall i l, member i l = true <-> In i l.
Proof.
  intros i l. unfold member. rewrite existsb_exists. split.
  - intros [x [Hin Hx]]. apply N.eqb_eq in Hx. subst. exact Hin.
  - intros H. exists i. split; [exact H|apply N.eqb_refl].
Qed.

Lemma distinct_NoDup : forall l, distinct l = true -> NoDup l.
Proof.
  induction l as [|x l IH]; intros H; [constructor|]. simpl in H. apply andb_prop in H.
  destruct H as [H1 H2]. constructor; [|apply IH, H2]. intros Hin. apply member_in in Hin.
  rewrite Hin in H1. discriminate.
Qed.

(* Lists of whole numbers, added and compared place by place. *)

Fixpoint plus (x y : list Z) : list Z :=
  match x, y with
  | [], _ => y
  | _, [] => x
  | a :: x, b :: y => Z.add a b :: plus x y
  end.
Definition scale (k : Z) (x : list Z) : list Z := map (Z.mul k) x.
Fixpoint equal_numbers (x y : list Z) : bool :=
  match x, y with
  | [], [] => true
  | a :: x, b :: y => Z.eqb a b && equal_numbers x y
  | _, _ => false
  end.
