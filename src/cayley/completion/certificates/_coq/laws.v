(* What cells force of an operation on n elements that has laws and conditions. *)

Definition has {T : Type} (op : T -> T -> T) (f : N -> T) : list (N * N * N) -> Prop :=
  hold (fun a b c => op (f a) (f b) = f c).

Definition models {T : Type} (th : theory) (op : T -> T -> T) : Prop :=
  Forall (satisfies op) (laws th)
  /\ (by_left th = true -> left_cancellation op) /\ (by_right th = true -> right_cancellation op)
  /\ (by_unit th = true -> has_unit op)
  /\ (by_inverses th = true -> by_unit th = true /\ has_inverses op)
  /\ (by_group th = true -> forall x y z, op (op x y) z = op x (op y z)).

Lemma map_NoDup : forall (A B : Type) (g : A -> B) (l : list A), NoDup l ->
  (forall x y, In x l -> In y l -> g x = g y -> x = y) -> NoDup (map g l).
Proof.
  intros A B g l Hl. induction Hl as [|x l Hx Hl IH]; intros Hg; simpl; constructor.
  - intros Hin. apply in_map_iff in Hin. destruct Hin as [y [Hy Hin]].
    apply Hg in Hy; [subst; contradiction|right; exact Hin|left; reflexivity].
  - apply IH. intros y z Hy Hz. apply Hg; right; assumption.
Qed.

Section Finite.
Variables (n : N) (th : theory) (cells : list (N * N * N)) (lines : list line) (fuel : nat).
Variables (T : Type) (op : T -> T -> T) (f : N -> T).
Hypothesis Hf : bijective n f.
Hypothesis Hm : models th op.
Hypothesis Hc : has op f cells.

(* A map of a finite set to itself that is one-to-one is onto. *)
Lemma onto : forall g : T -> T, (forall x y, g x = g y -> x = y) -> forall z, exists y, g y = z.
Proof.
  intros g Hg z. destruct Hf as [Hinj Hsur].
  assert (Hall : forall x, In x (map f (numbers n))).
  { intros x. destruct (Hsur x) as [a [Ha <-]]. apply in_map, numbers_all, Ha. }
  assert (Hnd : NoDup (map f (numbers n))).
  { apply map_NoDup.
    - unfold numbers. apply map_NoDup; [apply seq_NoDup|]. intros x y _ _. apply Nat2N.inj.
    - intros x y Hx Hy. apply Hinj; apply numbers_below; assumption. }
  assert (Hincl : incl (map f (numbers n)) (map g (map f (numbers n)))).
  { apply NoDup_length_incl.
    - apply map_NoDup; [exact Hnd|]. intros x y _ _. apply Hg.
    - rewrite !map_length. apply le_n.
    - intros x _. apply Hall. }
  specialize (Hincl z (Hall z)). apply in_map_iff in Hincl. destruct Hincl as [y [Hy _]].
  exists y. exact Hy.
Qed.

Lemma models_fit : fits th op.
Proof.
  destruct Hm as (Hlaws & Hleft & Hright & _ & _ & Hgroup). constructor; try assumption.
  - intros H. split; [exact (Hleft H)|]. intros x. apply (onto (op x)). intros y z. apply (Hleft H).
  - intros H. split; [exact (Hright H)|]. intros x. apply (onto (fun y => op y x)).
    intros y z. apply (Hright H).
Qed.

Lemma some_unit : exists e, unit_at th op e.
Proof.
  destruct Hm as (_ & _ & _ & Hu & Hi & _). unfold unit_at. destruct (by_inverses th) eqn:Hti.
  - destruct (Hi eq_refl) as [_ [e [He Hy]]]. exists e. split; intros _; assumption.
  - destruct (by_unit th) eqn:Htu.
    + destruct (Hu eq_refl) as [e He]. exists e. split; [intros _; exact He|discriminate].
    + exists (f 0). split; discriminate.
Qed.

Theorem forced_by_laws : forall wanted, forces n 1 0 0 th false [] cells lines fuel wanted = true ->
  has op f (map snd wanted).
Proof.
  intros wanted H a b c Hin. destruct some_unit as [e He].
  apply (forced n 1 0 0 th false [] cells lines fuel T op (fun _ => f) e models_fit He) with wanted;
  try discriminate; try assumption.
  - intros _ x y _ _. apply Hf.
  - intros _ _ x _. apply Hf.
  - intros x y z Hxyz _ _ _. exact (Hc x y z Hxyz).
  - intros _ x [].
Qed.

Theorem no_model : refutes n 1 0 0 th false [] cells lines fuel = true -> False.
Proof.
  intros H. destruct some_unit as [e He].
  apply (refuted n 1 0 0 th false [] cells lines fuel T op (fun _ => f) e models_fit He);
  try discriminate; try assumption.
  - intros _ x y _ _. apply Hf.
  - intros _ _ x _. apply Hf.
  - intros x y z Hxyz _ _ _. exact (Hc x y z Hxyz).
  - intros _ x [].
Qed.
End Finite.
