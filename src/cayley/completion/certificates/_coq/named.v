(* Permutations of the points 0, 1, ..., d - 1 as lists of images, multiplied from left to right. *)

Definition permutation (d : N) (p : list N) : Prop :=
  length p = N.to_nat d /\ NoDup p /\ forall x, In x p -> x < d.
Definition then_ (p q : list N) : list N := map (listed q) p.
Definition product_of (d : N) (word : list (list N)) : list N := fold_left then_ word (numbers d).

Definition factorial (d : N) : N := fold_right N.mul 1 (map N.succ (numbers d)).

(* The group is isomorphic to the permutations that some generate, and generators go to them. *)
Definition isomorphic (n : N) (t : list (list N)) (d : N) (generators : list N)
  (permutations : list (list N)) : Prop := exists phi : N -> list N,
  (forall a, a < n -> permutation d (phi a)) /\
  (forall a, a < n -> forall b, b < n -> phi (cell t a b) = then_ (phi a) (phi b)) /\
  (forall a, a < n -> forall b, b < n -> phi a = phi b -> a = b) /\
  map phi generators = permutations /\
  (forall a, a < n -> exists word, incl word permutations /\ phi a = product_of d word).

(* A relation: from x on, multiply by the elements of a word, or divide where it says false. *)
Fixpoint leads (n : N) (t : list (list N)) (x : N) (word : list (N * bool)) (y : N) : Prop :=
  match word with
  | [] => x = y
  | (g, true) :: word => leads n t (cell t x g) word y
  | (g, false) :: word => exists z, z < n /\ cell t z g = x /\ leads n t z word y
  end.
Definition relation (n : N) (t : list (list N)) (word : list (N * bool)) : Prop :=
  forall x, x < n -> leads n t x word x.

(* It is decided by computing. *)

Fixpoint equal_lists (x y : list N) : bool :=
  match x, y with
  | [], [] => true
  | a :: x, b :: y => (a =? b) && equal_lists x y
  | _, _ => false
  end.

Lemma equal_lists_eq : forall x y, equal_lists x y = true <-> x = y.
Proof.
  induction x as [|a x IH]; intros [|b y]; simpl; split; intros H; try discriminate; try reflexivity.
  - apply andb_prop in H. destruct H as [H1 H2]. apply N.eqb_eq in H1. apply IH in H2. rewrite H1, H2. reflexivity.
  - inversion H; subst. rewrite N.eqb_refl. apply IH. reflexivity.
Qed.

Section Images.
Variables (n : N) (t : list (list N)) (d : N) (generators : list N) (permutations : list (list N)).
Variables (images : list (list N)) (words : list (list N)).
Let phi (a : N) : list N := nth (N.to_nat a) images [].
Let word (a : N) : list (list N) :=
  map (fun i => nth (N.to_nat i) permutations []) (nth (N.to_nat a) words []).

Definition named_b : bool :=
  all n (fun a => Nat.eqb (length (phi a)) (N.to_nat d) && distinct (phi a)
                  && forallb (fun x => x <? d) (phi a)
                  && forallb (fun i => i <? N.of_nat (length permutations)) (nth (N.to_nat a) words [])
                  && equal_lists (phi a) (product_of d (word a)))
  && all n (fun a => all n (fun b => equal_lists (phi (cell t a b)) (then_ (phi a) (phi b))
                                     && implb (equal_lists (phi a) (phi b)) (a =? b)))
  && Nat.eqb (length generators) (length permutations)
  && forallb (fun gp => equal_lists (phi (fst gp)) (snd gp)) (combine generators permutations).

Lemma map_combine : forall (gs : list N) (ps : list (list N)), length gs = length ps ->
  forallb (fun gp => equal_lists (phi (fst gp)) (snd gp)) (combine gs ps) = true -> map phi gs = ps.
Proof.
  induction gs as [|g gs IH]; intros [|p ps] Hlen H; try discriminate; [reflexivity|].
  simpl in H. apply andb_prop in H. destruct H as [H1 H2]. apply equal_lists_eq in H1.
  simpl. f_equal; [exact H1|]. apply IH; [injection Hlen as Hlen; exact Hlen|exact H2].
Qed.

Theorem named_checked : named_b = true -> isomorphic n t d generators permutations.
Proof.
  intros H. unfold named_b in H. apply andb_prop in H. destruct H as [H H4]. apply andb_prop in H.
  destruct H as [H H3]. apply andb_prop in H. destruct H as [H1 H2]. apply Nat.eqb_eq in H3.
  exists phi. split; [|split; [|split; [|split]]].
  - intros a Ha. pose proof (all_below _ _ H1 a Ha) as H. cbv beta in H.
    repeat (apply andb_prop in H; destruct H as [H ?]).
    split; [apply Nat.eqb_eq; exact H|]. split; [apply distinct_NoDup; assumption|].
    intros x Hx. apply N.ltb_lt.
    match goal with A : forallb (fun x => x <? d) _ = true |- _ => rewrite forallb_forall in A; exact (A x Hx) end.
  - intros a Ha b Hb. pose proof (all_below _ _ (all_below _ _ H2 a Ha) b Hb) as H. cbv beta in H.
    apply andb_prop in H. apply equal_lists_eq. apply H.
  - intros a Ha b Hb Heq. pose proof (all_below _ _ (all_below _ _ H2 a Ha) b Hb) as H. cbv beta in H.
    apply andb_prop in H. destruct H as [_ H]. rewrite (proj2 (equal_lists_eq _ _) Heq) in H.
    apply N.eqb_eq. exact H.
  - apply map_combine; assumption.
  - intros a Ha. pose proof (all_below _ _ H1 a Ha) as H. cbv beta in H.
    repeat (apply andb_prop in H; destruct H as [H ?]). exists (word a). split.
    + intros p Hp. apply in_map_iff in Hp. destruct Hp as [i [<- Hi]]. apply nth_In.
      match goal with A : forallb (fun i => i <? N.of_nat _) _ = true |- _ =>
        rewrite forallb_forall in A; specialize (A i Hi); apply N.ltb_lt in A; lia end.
    + apply equal_lists_eq. assumption.
Qed.
End Images.

Fixpoint leads_b (n : N) (t : list (list N)) (x : N) (word : list (N * bool)) (y : N) : bool :=
  match word with
  | [] => x =? y
  | (g, true) :: word => leads_b n t (cell t x g) word y
  | (g, false) :: word =>
    existsb (fun z => (cell t z g =? x) && leads_b n t z word y) (numbers n)
  end.

Lemma leads_checked : forall n t word x y, leads_b n t x word y = true -> leads n t x word y.
Proof.
  induction word as [|[g forward] word IH]; intros x y H; simpl in *; [apply N.eqb_eq; exact H|].
  destruct forward; [apply IH, H|]. apply existsb_exists in H. destruct H as [z [Hz H]].
  apply andb_prop in H. destruct H as [H1 H2]. exists z. split; [apply numbers_below, Hz|].
  split; [apply N.eqb_eq, H1|apply IH, H2].
Qed.

Lemma relation_checked : forall n t word,
  all n (fun x => leads_b n t x word x) = true -> relation n t word.
Proof. intros n t word H x Hx. apply leads_checked. exact (all_below _ _ H x Hx). Qed.
