From Coq Require Import List Arith NArith PArith FMapPositive Bool Lia.
Import ListNotations.
Open Scope N_scope.

(* What the labels of a table are: they number the elements, one each. *)

Definition bijective {T : Type} (n : N) (f : N -> T) : Prop :=
  (forall a b, a < n -> b < n -> f a = f b -> a = b) /\ (forall x, exists a, a < n /\ f a = x).

Ltac split_and := repeat match goal with
  | H : _ /\ _ |- _ => destruct H
  | H : (_ && _) = true |- _ => apply andb_prop in H; destruct H
  | H : (_ =? _) = true |- _ => apply N.eqb_eq in H
  | H : (_ <? _) = true |- _ => apply N.ltb_lt in H
  end; subst.
