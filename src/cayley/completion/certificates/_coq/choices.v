(* Cells by their places in a list; a choice of places that meets each of some sets. *)

Definition cell_at (cells : list (N * N * N)) (i : N) : N * N * N :=
  nth (N.to_nat i) cells (0, 0, 0).
Definition some (cells : list (N * N * N)) (places : list N) : list (N * N * N) :=
  map (cell_at cells) places.
Definition all_but (bad : list N) (cells : list (N * N * N)) : list (N * N * N) :=
  some cells (filter (fun i => negb (member i bad)) (numbers (N.of_nat (length cells)))).

Definition meets (bad : list N) (sets : list (list N)) : Prop :=
  forall s, In s sets -> exists i, In i s /\ In i bad.
Definition avoid (x : N) (s : list N) : list N := filter (fun i => negb (i =? x)) s.

(* Sets without a common place: each takes a place of its own. *)
Fixpoint packing (sets : list (list N)) (seen : list N) : nat :=
  match sets with
  | [] => O
  | s :: rest => if existsb (fun i => member i seen) s then packing rest seen
                 else S (packing rest (s ++ seen))
  end.

(* Whether every choice that meets all the sets has more than m places. *)
Fixpoint more_than (fuel m : nat) (sets : list (list N)) : bool :=
  match fuel with
  | O => false
  | S fuel =>
    Nat.ltb m (packing sets []) ||
    match m, sets with
    | S m, s :: _ =>
      (fix branches (s : list N) (sets : list (list N)) : bool :=
        match s with
        | [] => true
        | x :: rest => more_than fuel m (filter (fun t => negb (member x t)) sets)
                       && branches rest (map (avoid x) sets)
        end) s sets
    | _, _ => false
    end
  end.

Lemma filter_le : forall (f g : N -> bool) l, (forall x, g x = true -> f x = true) ->
  (length (filter g l) <= length (filter f l))%nat.
Proof.
  intros f g l H. induction l as [|x l IH]; [apply le_n|]. simpl. destruct (g x) eqn:Hg.
  - rewrite (H x Hg). simpl. lia.
  - destruct (f x); simpl; lia.
Qed.

Lemma filter_lt : forall (f g : N -> bool) l, (forall x, g x = true -> f x = true) ->
  (exists x, In x l /\ f x = true /\ g x = false) ->
  (length (filter g l) < length (filter f l))%nat.
Proof.
  intros f g l H. induction l as [|x l IH]; intros [y [Hin [Hf Hg]]]; [destruct Hin|].
  simpl. destruct Hin as [->|Hin].
  - rewrite Hf, Hg. simpl. pose proof (filter_le f g l H). lia.
  - assert (Hlt : (length (filter g l) < length (filter f l))%nat) by (apply IH; exists y; auto).
    destruct (g x) eqn:Hgx; [rewrite (H x Hgx); simpl; lia|destruct (f x); simpl; lia].
Qed.

Lemma packing_sound : forall sets seen bad, meets bad sets ->
  (packing sets seen <= length (filter (fun i => negb (member i seen)) bad))%nat.
Proof.
  induction sets as [|s sets IH]; intros seen bad H; simpl; [lia|].
  assert (Hrest : meets bad sets) by (intros t Ht; apply H; right; exact Ht).
  destruct (existsb (fun i => member i seen) s) eqn:Hs; [apply IH, Hrest|].
  specialize (IH (s ++ seen) bad Hrest). eapply Nat.le_lt_trans; [exact IH|].
  apply filter_lt.
  - intros x Hx. apply negb_true_iff in Hx. apply negb_true_iff. destruct (member x seen) eqn:Hm; [|reflexivity].
    apply member_in in Hm. assert (Ha : member x (s ++ seen) = true) by (apply member_in, in_or_app; auto).
    congruence.
  - destruct (H s (or_introl eq_refl)) as [i [Hi Hb]]. exists i. split; [exact Hb|]. split.
    + apply negb_true_iff. destruct (member i seen) eqn:Hm; [|reflexivity].
      assert (Ha : existsb (fun i => member i seen) s = true) by (apply existsb_exists; exists i; auto).
      congruence.
    + apply negb_false_iff, member_in, in_or_app. auto.
Qed.

Lemma filter_all : forall (f : N -> bool) l, (length (filter f l) <= length l)%nat.
Proof. intros f l. induction l as [|x l IH]; simpl; [lia|]. destruct (f x); simpl; lia. Qed.

Theorem more_than_sound : forall fuel m sets bad, more_than fuel m sets = true ->
  meets bad sets -> (m < length bad)%nat.
Proof.
  induction fuel as [|fuel IH]; intros m sets bad H Hm; [discriminate|].
  cbn [more_than] in H. apply orb_prop in H. destruct H as [H|H].
  - apply Nat.ltb_lt in H. pose proof (packing_sound sets [] bad Hm).
    pose proof (filter_all (fun i => negb (member i [])) bad). lia.
  - destruct m as [|m]; [discriminate|]. destruct sets as [|s sets]; [discriminate|].
    assert (Hs : exists i, In i s /\ In i bad) by (apply Hm; left; reflexivity).
    revert H Hm Hs. generalize (s :: sets). clear sets.
    induction s as [|x s IHs]; intros sets H Hm [i [Hi Hb]]; [destruct Hi|].
    apply andb_prop in H. destruct H as [H1 H2].
    destruct (in_dec N.eq_dec x bad) as [Hx|Hx].
    + assert (Hr : (m < length (remove N.eq_dec x bad))%nat).
      { apply (IH _ _ _ H1). intros t Ht. apply filter_In in Ht. destruct Ht as [Ht Hxt].
        destruct (Hm t Ht) as [j [Hj Hjb]]. exists j. split; [exact Hj|].
        apply in_in_remove; [|exact Hjb]. intros ->. apply member_in in Hj.
        rewrite Hj in Hxt. discriminate. }
      pose proof (remove_length_lt N.eq_dec bad x Hx). lia.
    + apply (IHs _ H2).
      * intros t Ht. apply in_map_iff in Ht. destruct Ht as [u [<- Hu]].
        destruct (Hm u Hu) as [j [Hj Hjb]]. exists j. split; [|exact Hjb].
        apply filter_In. split; [exact Hj|]. apply negb_true_iff, N.eqb_neq. intros ->. contradiction.
      * exists i. split; [|exact Hb]. destruct Hi as [->|Hi]; [contradiction|exact Hi].
Qed.

Section Wrong.
Variables (P : N -> N -> N -> Prop) (cells : list (N * N * N)) (sets : list (list N)).
Hypothesis contradict : forall s, In s sets -> hold P (some cells s) -> False.

Definition within : bool := forallb (forallb (fun i => i <? N.of_nat (length cells))) sets.

Lemma wrong_meets : forall bad, within = true -> hold P (all_but bad cells) -> meets bad sets.
Proof.
  intros bad Hw H s Hs. destruct (existsb (fun i => member i bad) s) eqn:He.
  - apply existsb_exists in He. destruct He as [i [Hi Hb]]. apply member_in in Hb. exists i. auto.
  - exfalso. apply (contradict s Hs). intros a b c Hin. apply H. unfold some in *.
    apply in_map_iff in Hin. destruct Hin as [i [Hc Hi]]. apply in_map_iff. exists i.
    split; [exact Hc|]. apply filter_In. split.
    + apply numbers_all. unfold within in Hw. rewrite forallb_forall in Hw. specialize (Hw s Hs).
      rewrite forallb_forall in Hw. apply N.ltb_lt, Hw, Hi.
    + apply negb_true_iff. destruct (member i bad) eqn:Hb; [|reflexivity].
      assert (Ha : existsb (fun i => member i bad) s = true) by (apply existsb_exists; exists i; auto).
      congruence.
Qed.

Theorem at_least : forall k, within && more_than (S (S k)) k sets = true ->
  forall bad, hold P (all_but bad cells) -> (S k <= length bad)%nat.
Proof.
  intros k H bad Hb. apply andb_prop in H. destruct H as [Hw H].
  exact (more_than_sound _ _ _ bad H (wrong_meets bad Hw Hb)).
Qed.

Theorem just_these : forall these,
  within && distinct these && forallb (fun x =>
    more_than (S (S (length these))) (length these) (map (avoid x) sets)) these = true ->
  forall bad, hold P (all_but bad cells) -> (length bad <= length these)%nat ->
  forall i, In i bad <-> In i these.
Proof.
  intros these H bad Hb Hlen. apply andb_prop in H. destruct H as [H Hall]. apply andb_prop in H.
  destruct H as [Hw Hone]. pose proof (wrong_meets bad Hw Hb) as Hm.
  assert (Hincl : incl these bad).
  { intros x Hx. destruct (in_dec N.eq_dec x bad) as [Hin|Hout]; [exact Hin|exfalso].
    rewrite forallb_forall in Hall. specialize (Hall x Hx).
    assert (Hma : meets bad (map (avoid x) sets)).
    { intros t Ht. apply in_map_iff in Ht. destruct Ht as [u [<- Hu]].
      destruct (Hm u Hu) as [j [Hj Hjb]]. exists j. split; [|exact Hjb].
      apply filter_In. split; [exact Hj|]. apply negb_true_iff, N.eqb_neq. intros ->. contradiction. }
    pose proof (more_than_sound _ _ _ bad Hall Hma). lia. }
  intros i. split; [|apply Hincl].
  apply (NoDup_length_incl (distinct_NoDup these Hone) Hlen Hincl).
Qed.
End Wrong.

(* How many places of some cells are neither given nor asked for. *)
Definition same_place (p q : N * N) : bool := (fst p =? fst q) && (snd p =? snd q).
Fixpoint added (given more : list (N * N * N)) : nat :=
  match more with
  | [] => O
  | t :: rest => if existsb (fun u => same_place (fst t) (fst u)) (given ++ rest)
                 then added given rest else S (added given rest)
  end.
