(* Groups, and tables that are isotopes of them. *)

Record Group := {
  elt : Type; op : elt -> elt -> elt; one : elt; inv : elt -> elt;
  assoc : forall x y z, op (op x y) z = op x (op y z);
  one_l : forall x, op one x = x; one_r : forall x, op x one = x;
  inv_l : forall x, op (inv x) x = one; inv_r : forall x, op x (inv x) = one }.

Definition has {G : Group} (f g h : N -> elt G) (cells : list (N * N * N)) : Prop :=
  forall a b c, In (a, b, c) cells -> op G (f a) (g b) = h c.

(* The lines of a proof, and a program that reads them. *)

Inductive fact := P (p q r : N) | E (p r : N).

Inductive line :=
  | Define (p q r place : N)
  | Unit (x : N)
  | Same (i j : positive) (place : N)
  | Replace (i : positive) (place : N) (j : positive)
  | Associate (which : N) (i j k : positive)
  | Clash (i : positive)
  | Split (p : N) (q : option N) (kind : N) (kept : option N) (cases : list (N * list line)).

Definition state := (PositiveMap.t fact * positive * N)%type.
Definition count (s : state) : N := snd s.
Definition get (s : state) (i : positive) : option fact := PositiveMap.find i (fst (fst s)).
Definition put (s : state) (f : fact) : state :=
  (PositiveMap.add (snd (fst s)) f (fst (fst s)), Pos.succ (snd (fst s)), snd s).
Definition fresh (s : state) : state := (fst s, snd s + 1).

Inductive result := Bad | Refuted | Going (s : state).

Definition when (b : bool) (s : state) : result := if b then Going s else Bad.

Definition swapped (x y t : N) : option N :=
  if t =? x then Some y else if t =? y then Some x else None.

Definition step (l : line) (s : state) : result :=
  match l with
  | Define p q r place =>
    let x := count s in
    if place =? 0 then when ((q <? x) && (r <? x)) (put (fresh s) (P x q r))
    else if place =? 1 then when ((p <? x) && (r <? x)) (put (fresh s) (P p x r))
    else when ((p <? x) && (q <? x)) (put (fresh s) (P p q x))
  | Unit x => when (x <? count s) (put (put s (P 0 x x)) (P x 0 x))
  | Same i j place =>
    match get s i, get s j with
    | Some (P p q r), Some (P p' q' r') =>
      if place =? 0 then when ((q =? q') && (r =? r')) (put s (E p p'))
      else if place =? 1 then when ((p =? p') && (r =? r')) (put s (E q q'))
      else when ((p =? p') && (q =? q')) (put s (E r r'))
    | _, _ => Bad
    end
  | Replace i place j =>
    match get s i, get s j with
    | Some (P p q r), Some (E x y) =>
      if place =? 0 then
        match swapped x y p with Some t => Going (put s (P t q r)) | None => Bad end
      else if place =? 1 then
        match swapped x y q with Some t => Going (put s (P p t r)) | None => Bad end
      else match swapped x y r with Some t => Going (put s (P p q t)) | None => Bad end
    | Some (E p r), Some (E x y) =>
      if place =? 0 then
        match swapped x y p with Some t => Going (put s (E t r)) | None => Bad end
      else match swapped x y r with Some t => Going (put s (E p t)) | None => Bad end
    | _, _ => Bad
    end
  | Associate which i j k =>
    match get s i, get s j, get s k with
    | Some (P x1 x2 x3), Some (P y1 y2 y3), Some (P z1 z2 z3) =>
      if which =? 0 then (* a b = c, w b = u, v c = u |- v a = w *)
        when ((x2 =? y2) && (x3 =? z2) && (y3 =? z3)) (put s (P z1 x1 y1))
      else if which =? 1 then (* v a = w, w b = u, v c = u |- a b = c *)
        when ((x3 =? y1) && (x1 =? z1) && (y3 =? z3)) (put s (P x2 y2 z2))
      else if which =? 2 then (* v a = w, a b = c, v c = u |- w b = u *)
        when ((x2 =? y1) && (x1 =? z1) && (y3 =? z2)) (put s (P x3 y2 z3))
      else (* v a = w, a b = c, w b = u |- v c = u *)
        when ((x2 =? y1) && (x3 =? z1) && (y2 =? z2)) (put s (P x1 y3 z3))
    | _, _, _ => Bad
    end
  | _ => Bad
  end.

Section Checker.
Variables n kinds : N.

Definition label (kind a : N) : N := 1 + kind * n + a.
Definition apart (x y : N) : bool :=
  (1 <=? x) && (x <=? kinds * n) && (1 <=? y) && (y <=? kinds * n) && negb (x =? y)
  && ((x - 1) / n =? (y - 1) / n).
Definition everyone : list N := map N.of_nat (seq 0 (N.to_nat n)).
Definition either (p : N) (q : option N) (r : N) : fact :=
  match q with Some q => P p q r | None => E p r end.
Definition below (q : option N) (c : N) : bool := match q with Some q => q <? c | None => true end.

Fixpoint run (fuel : nat) (lines : list line) (s : state) : result :=
  match fuel, lines with
  | O, _ => Bad
  | S _, [] => Going s
  | S fuel, l :: rest =>
    match l with
    | Clash i => match get s i with Some (E x y) => if apart x y then Refuted else Bad | _ => Bad end
    | Split p q kind kept cases =>
      if (p <? count s) && below q (count s) && (kind <? kinds)
         && forallb (fun a => existsb (N.eqb a) (match kept with Some a => [a] | None => [] end
                                                 ++ map fst cases)) everyone
         && forallb (fun ab => (fst ab <? n) &&
              match run fuel (snd ab) (put s (either p q (label kind (fst ab)))) with
              | Refuted => true | _ => false end) cases
      then match kept with
           | None => Refuted
           | Some a => if a <? n then run fuel rest (put s (either p q (label kind a))) else Bad
           end
      else Bad
    | _ => match step l s with Going s => run fuel rest s | other => other end
    end
  end.

Definition shows (s : state) (known : list (positive * fact)) : bool :=
  forallb (fun each => match get s (fst each), snd each with
    | Some (P p q r), P p' q' r' => (p =? p') && (q =? q') && (r =? r')
    | _, _ => false end) known.

(* Why it may be believed: every fact is true of the elements that the names stand for. *)

Variable G : Group.
Local Notation "x * y" := (op G x y).
Variable lab : N -> N -> elt G.
Hypothesis lab_bijective : forall kind, kind < kinds -> bijective n (lab kind).

Lemma cancel_l : forall x y z : elt G, op G x y = op G x z -> y = z.
Proof.
  intros x y z H. rewrite <- (one_l G y), <- (one_l G z), <- (inv_l G x), !assoc, H. reflexivity.
Qed.

Lemma cancel_r : forall x y z : elt G, op G y x = op G z x -> y = z.
Proof.
  intros x y z H. rewrite <- (one_r G y), <- (one_r G z), <- (inv_r G x), <- !assoc, H. reflexivity.
Qed.

Definition good (c : N) (v : N -> elt G) (f : fact) : Prop :=
  match f with
  | P p q r => p < c /\ q < c /\ r < c /\ op G (v p) (v q) = v r
  | E p r => p < c /\ r < c /\ v p = v r
  end.

Definition sound (s : state) (v : N -> elt G) : Prop :=
  (forall i f, get s i = Some f -> good (count s) v f) /\ v 0 = one G /\
  kinds * n < count s /\
  (forall kind a, kind < kinds -> a < n -> v (label kind a) = lab kind a).

Lemma put_sound : forall s v f, sound s v -> good (count s) v f -> sound (put s f) v.
Proof.
  intros [[m i] c] v f [H1 H2] H. split; [|exact H2].
  intros j g. unfold get, put, count in *; simpl in *.
  destruct (Pos.eq_dec j i) as [->|Hne].
  - rewrite PositiveMap.gss. intros [= <-]. exact H.
  - rewrite PositiveMap.gso by exact Hne. apply H1.
Qed.

Definition update (v : N -> elt G) (c : N) (x : elt G) (k : N) : elt G := if k =? c then x else v k.

Lemma update_old : forall v c x k, k < c -> update v c x k = v k.
Proof. intros. unfold update. destruct (N.eqb_spec k c); [lia|reflexivity]. Qed.

Lemma update_new : forall v c x, update v c x c = x.
Proof. intros. unfold update. rewrite N.eqb_refl. reflexivity. Qed.

Lemma label_bound : forall kind a, kind < kinds -> a < n -> label kind a <= kinds * n.
Proof. intros. unfold label. nia. Qed.

Lemma fresh_sound : forall s v x, sound s v -> sound (fresh s) (update v (count s) x).
Proof.
  intros [[m i] c] v x (H1 & H2 & H3 & H4). unfold fresh, sound, get, count in *; simpl in *.
  repeat split.
  - intros j f Hf. specialize (H1 j f Hf). destruct f; simpl in *.
    + destruct H1 as (Hp & Hq & Hr & He). rewrite !update_old by assumption. repeat split; try lia; assumption.
    + destruct H1 as (Hp & Hr & He). rewrite !update_old by assumption. repeat split; try lia; assumption.
  - rewrite update_old by lia. exact H2.
  - lia.
  - intros kind a Hk Ha. pose proof (label_bound kind a Hk Ha). rewrite update_old by lia. apply H4; assumption.
Qed.

Lemma swapped_good : forall (v : N -> elt G) x y t u c, x < c -> y < c -> v x = v y -> swapped x y t = Some u ->
  u < c /\ v u = v t.
Proof.
  intros v x y t u c Hx Hy Hv H. unfold swapped in H.
  destruct (N.eqb_spec t x) as [->|]; [inversion H; subst; auto|].
  destruct (N.eqb_spec t y) as [->|]; [inversion H; subst; auto|discriminate].
Qed.

Ltac fact_of H :=
  match type of H with context [match get ?s ?i with _ => _ end] =>
    let Hg := fresh "Hg" in destruct (get s i) as [[? ? ?|? ?]|] eqn:Hg; try discriminate H end.

Ltac branch H :=
  match type of H with
  | (if ?b then _ else _) = _ => destruct b eqn:?
  | when ?b _ = Going _ => unfold when in H; destruct b eqn:?; [|discriminate H]
  | match swapped ?x ?y ?t with _ => _ end = _ => destruct (swapped x y t) eqn:?; [|discriminate H]
  end.

Lemma step_sound : forall l s s' v, sound s v -> step l s = Going s' ->
  exists v', sound s' v'.
Proof.
  intros l s s' v Hs H. pose proof Hs as (Hf & H0 & Hc & Hl).
  destruct l; simpl in H; try discriminate H.
  - repeat branch H; inversion H; subst; clear H; split_and.
    + exists (update v (count s) (op G (v r) (inv G (v q)))). apply put_sound; [apply fresh_sound; exact Hs|].
      simpl. unfold fresh, count; simpl. fold (count s).
      rewrite update_new, !update_old by assumption. repeat split; try lia.
      rewrite assoc, inv_l, one_r. reflexivity.
    + exists (update v (count s) (op G (inv G (v p)) (v r))). apply put_sound; [apply fresh_sound; exact Hs|].
      simpl. unfold fresh, count; simpl. fold (count s).
      rewrite update_new, !update_old by assumption. repeat split; try lia.
      rewrite <- assoc, inv_r, one_l. reflexivity.
    + exists (update v (count s) (op G (v p) (v q))). apply put_sound; [apply fresh_sound; exact Hs|].
      simpl. unfold fresh, count; simpl. fold (count s).
      rewrite update_new, !update_old by assumption. repeat split; try lia.
  - branch H. inversion H; subst; clear H; split_and. exists v.
    assert (good (count s) v (P 0 x x)) by (simpl; rewrite H0, one_l; repeat split; lia).
    assert (good (count s) v (P x 0 x)) by (simpl; rewrite H0, one_r; repeat split; lia).
    apply put_sound; [apply put_sound; assumption|]. unfold put, count in *; simpl in *. assumption.
  - exists v. fact_of H. fact_of H.
    match goal with A : get s i = Some _, B : get s j = Some _ |- _ => apply Hf in A; apply Hf in B; simpl in A, B end.
    repeat branch H; inversion H; subst; clear H; split_and; apply put_sound; try exact Hs; simpl; repeat split; try assumption.
    + match goal with A : op G ?a ?b = _, B : op G ?c ?b = _ |- ?a = ?c => apply (cancel_r b a c); congruence end.
    + match goal with A : op G ?b ?a = _, B : op G ?b ?c = _ |- ?a = ?c => apply (cancel_l b a c); congruence end.
    + congruence.
  - exists v. fact_of H; fact_of H;
    match goal with A : get s i = Some _, B : get s j = Some _ |- _ => apply Hf in A; apply Hf in B; simpl in A, B end;
    split_and;
    repeat branch H; inversion H; subst; clear H;
    match goal with S : swapped _ _ _ = Some _ |- _ =>
      eapply swapped_good with (c := count s) (v := v) in S; try eassumption; destruct S end;
    apply put_sound; try exact Hs; simpl; repeat split; try assumption; congruence.
  - exists v. fact_of H. fact_of H. fact_of H.
    repeat match goal with A : get s _ = Some _ |- _ => apply Hf in A; simpl in A end.
    repeat branch H; inversion H; subst; clear H; split_and; apply put_sound; try exact Hs; simpl; repeat split; try assumption.
    + match goal with A : op G ?a ?b = ?q, B : op G ?c ?b = ?u, C : op G ?d ?q = ?u |- op G ?d ?a = ?c =>
        apply (cancel_r b); rewrite assoc, A, C; symmetry; exact B end.
    + match goal with A : op G ?d ?a = ?w, B : op G ?w ?b = ?u, C : op G ?d ?c = ?u |- op G ?a ?b = ?c =>
        apply (cancel_l d); rewrite <- assoc, A, B; symmetry; exact C end.
    + match goal with A : op G ?d ?a = ?w, B : op G ?a ?b = ?c, C : op G ?d ?c = ?u |- op G ?w ?b = ?u =>
        rewrite <- A, assoc, B; exact C end.
    + match goal with A : op G ?d ?a = ?w, B : op G ?a ?b = ?c, C : op G ?w ?b = ?u |- op G ?d ?c = ?u =>
        rewrite <- B, <- assoc, A; exact C end.
Qed.

Lemma apart_sound : forall s v x y, sound s v -> apart x y = true -> v x <> v y.
Proof.
  intros s v x y (_ & _ & _ & Hl) H Heq. unfold apart in H. split_and.
  repeat match goal with A : (_ <=? _) = true |- _ => apply N.leb_le in A end.
  match goal with A : negb _ = true |- _ => apply negb_true_iff, N.eqb_neq in A; rename A into Hne end.
  assert (n <> 0) by (intro; subst; lia).
  assert (Hx : x = label ((x - 1) / n) ((x - 1) mod n)).
  { unfold label. pose proof (N.div_mod (x - 1) n). lia. }
  assert (Hy : y = label ((y - 1) / n) ((y - 1) mod n)).
  { unfold label. pose proof (N.div_mod (y - 1) n). lia. }
  pose proof (N.mod_upper_bound (x - 1) n). pose proof (N.mod_upper_bound (y - 1) n).
  assert (Hk : (x - 1) / n < kinds) by (apply N.div_lt_upper_bound; lia).
  assert (Hk' : (y - 1) / n < kinds) by (apply N.div_lt_upper_bound; lia).
  rewrite Hx, Hy, !Hl in Heq by auto.
  match goal with A : (_ - 1) / n = (_ - 1) / n |- _ => rewrite A in Heq end.
  destruct (lab_bijective ((y - 1) / n) Hk') as [Hinj _].
  apply Hinj in Heq; auto. apply Hne. rewrite Hx, Hy. congruence.
Qed.

Lemma either_good : forall s v p q kind a, sound s v -> p < count s -> below q (count s) = true ->
  kind < kinds -> a < n ->
  match q with Some q => op G (v p) (v q) | None => v p end = lab kind a ->
  good (count s) v (either p q (label kind a)).
Proof.
  intros s v p q kind a (_ & _ & Hc & Hl) Hp Hq Hk Ha H. pose proof (label_bound kind a Hk Ha).
  destruct q; simpl in *; [apply N.ltb_lt in Hq|]; repeat split; try lia; rewrite Hl by assumption; exact H.
Qed.

Lemma everyone_all : forall a, a < n -> In a everyone.
Proof.
  intros a Ha. unfold everyone. apply in_map_iff. exists (N.to_nat a). split; [apply N2Nat.id|].
  apply in_seq. lia.
Qed.

Lemma run_sound : forall fuel lines s v, sound s v ->
  match run fuel lines s with Bad => True | Refuted => False | Going s' => exists v', sound s' v' end.
Proof.
  induction fuel as [|fuel IH]; intros lines s v Hs; [exact I|].
  destruct lines as [|l rest]; simpl; [exists v; exact Hs|].
  assert (Hstep : forall l', match step l' s with Going s' => match run fuel rest s' with
    Bad => True | Refuted => False | Going s'' => exists v', sound s'' v' end | Bad => True | Refuted => False end).
  { intros l'. destruct (step l' s) as [| |s'] eqn:Hl; [exact I| |].
    - exfalso. clear - Hl. destruct l'; simpl in Hl;
      repeat match type of Hl with
      | context [match get ?s ?i with _ => _ end] => destruct (get s i) as [[? ? ?|? ?]|]
      | context [if ?b then _ else _] => destruct b
      | context [match swapped ?x ?y ?t with _ => _ end] => destruct (swapped x y t)
      end; unfold when in Hl;
      repeat match type of Hl with context [if ?b then _ else _] => destruct b end; discriminate Hl.
    - destruct (step_sound l' s s' v Hs Hl) as [v' Hs']. apply (IH rest s' v' Hs'). }
  destruct l; try (match goal with |- context [step ?l s] =>
    specialize (Hstep l); destruct (step l s); exact Hstep end).
  - destruct (get s i) as [[? ? ?|x y]|] eqn:Hg; try exact I.
    destruct (apart x y) eqn:Ha; [|exact I].
    apply (apart_sound s v x y Hs Ha). destruct Hs as (Hf & _). apply Hf in Hg. simpl in Hg. apply Hg.
  - match goal with |- context [if ?b then _ else _] => destruct b eqn:Hb; [|exact I] end.
    split_and.
    assert (Hex : exists a, a < n /\ match q with Some q => op G (v p) (v q) | None => v p end = lab kind a).
    { destruct (lab_bijective kind) as [_ Hsur]; [assumption|].
      destruct (Hsur match q with Some q => op G (v p) (v q) | None => v p end) as [a [Ha He]].
      exists a. split; [exact Ha|symmetry; exact He]. }
    destruct Hex as [a [Ha He]].
    assert (Hgood : sound (put s (either p q (label kind a))) v).
    { apply put_sound; [exact Hs|]. eapply either_good; eassumption. }
    assert (Hnot : forall branch, In (a, branch) cases -> False).
    { intros branch Hin.
      match goal with A : forallb _ cases = true |- _ => rewrite forallb_forall in A; specialize (A _ Hin); simpl in A end.
      split_and.
      match goal with A : match run _ _ _ with _ => _ end = true |- _ =>
        specialize (IH branch _ v Hgood); destruct (run fuel branch _); [discriminate|exact IH|discriminate] end. }
    match goal with A : forallb _ everyone = true |- _ => rewrite forallb_forall in A; specialize (A a (everyone_all a Ha)) end.
    match goal with A : existsb _ _ = true |- _ => apply existsb_exists in A; destruct A as [b [Hin Hab]]; apply N.eqb_eq in Hab; subst b;
      apply in_app_or in Hin; destruct Hin as [Hin|Hin] end.
    + destruct kept as [k|]; [|destruct Hin]. destruct Hin as [<-|[]].
      destruct (N.ltb_spec k n); [|exact I]. apply (IH rest _ v Hgood).
    + exfalso. apply in_map_iff in Hin. destruct Hin as [[b branch] [Hb Hin]]. simpl in Hb. subst b.
      apply (Hnot branch Hin).
Qed.

Lemma shows_sound : forall s v known, sound s v -> shows s known = true ->
  forall i p q r, In (i, P p q r) known -> op G (v p) (v q) = v r.
Proof.
  intros s v known (Hf & _) H i p q r Hin. unfold shows in H. rewrite forallb_forall in H.
  specialize (H _ Hin). simpl in H. destruct (get s i) as [[x y z|? ?]|] eqn:Hg; try discriminate.
  split_and. apply Hf in Hg. simpl in Hg. apply Hg.
Qed.
End Checker.

(* What a run of the program says. *)

Section Claims.
Variables (n : N) (cells : list (N * N * N)) (lines : list line) (fuel : nat).

Definition in_range (t : N * N * N) : bool :=
  (fst (fst t) <? n) && (snd (fst t) <? n) && (snd t <? n).
Definition stated (kc ks : N) (ts : list (N * N * N)) : list fact :=
  map (fun t => P (label n 0 (fst (fst t))) (label n kc (snd (fst t))) (label n ks (snd t))) ts.
Definition start (kinds : N) (facts : list fact) : state :=
  fold_left put facts (PositiveMap.empty fact, 1%positive, 1 + kinds * n).
Definition of_group : result := run n 1 fuel lines (start 1 (stated 0 0 cells)).
Definition of_isotope (a0 b0 : N) : result :=
  run n 3 fuel lines (start 3 (stated 1 2 cells ++ [E (label n 0 a0) 0; E (label n 1 b0) 0])).
Definition ends (kc ks : N) (r : result) (wanted : list (positive * (N * N * N))) : bool :=
  forallb in_range cells && forallb in_range (map snd wanted) &&
  match r with
  | Going s => shows s (combine (map fst wanted) (stated kc ks (map snd wanted)))
  | _ => false
  end.
Definition refutes (r : result) : bool :=
  forallb in_range cells && match r with Refuted => true | _ => false end.

Variable G : Group.

Definition v0 (lab : N -> N -> elt G) (k : N) : elt G :=
  if k =? 0 then one G else lab ((k - 1) / n) ((k - 1) mod n).

Lemma v0_label : forall lab kind a, a < n -> v0 lab (label n kind a) = lab kind a.
Proof.
  intros lab kind a Ha. unfold v0, label. destruct (N.eqb_spec (1 + kind * n + a) 0); [lia|].
  replace (1 + kind * n + a - 1) with (a + kind * n) by lia.
  rewrite N.div_add, N.mod_add by lia. rewrite N.div_small, N.mod_small by exact Ha. f_equal; lia.
Qed.

Lemma start_sound : forall kinds lab facts v, v 0 = one G ->
  (forall kind a, kind < kinds -> a < n -> v (label n kind a) = lab kind a) ->
  (forall f, In f facts -> good G (1 + kinds * n) v f) -> sound n kinds G lab (start kinds facts) v.
Proof.
  intros kinds lab facts v H0 Hl Hf. unfold start.
  assert (Hall : forall facts s, sound n kinds G lab s v -> (forall f, In f facts -> good G (count s) v f) ->
    sound n kinds G lab (fold_left put facts s) v).
  { clear Hf facts. induction facts as [|f facts IH]; intros s Hs Hf; [exact Hs|].
    simpl. apply IH.
    - apply put_sound; [exact Hs|]. apply Hf. left. reflexivity.
    - intros g Hg. unfold put, count; simpl. apply Hf. right. exact Hg. }
  apply Hall; [|exact Hf]. repeat split; try assumption.
  - intros i f H. unfold get in H. simpl in H. rewrite PositiveMap.gempty in H. discriminate.
  - unfold count. cbn [snd fst]. lia.
Qed.

Lemma stated_good : forall kinds kc ks lab ts, 0 < kinds -> kc < kinds -> ks < kinds ->
  forallb in_range ts = true ->
  (forall a b c, In (a, b, c) ts -> op G (lab 0 a) (lab kc b) = lab ks c) ->
  forall f, In f (stated kc ks ts) -> good G (1 + kinds * n) (v0 lab) f.
Proof.
  intros kinds kc ks lab ts H0 Hc Hs Hr H f Hf. apply in_map_iff in Hf. destruct Hf as [[[a b] c] [<- Hin]].
  rewrite forallb_forall in Hr. pose proof (Hr _ Hin) as Hab. unfold in_range in Hab. cbn [fst snd] in *.
  split_and. cbn [good]. rewrite !v0_label by assumption.
  pose proof (label_bound n kinds 0 a H0 ltac:(assumption)).
  pose proof (label_bound n kinds kc b Hc ltac:(assumption)).
  pose proof (label_bound n kinds ks c Hs ltac:(assumption)).
  repeat split; try lia. apply H. exact Hin.
Qed.

Lemma shown : forall kinds kc ks lab s v wanted, kc < kinds -> ks < kinds -> 0 < kinds ->
  sound n kinds G lab s v ->
  forallb in_range (map snd wanted) = true ->
  shows s (combine (map fst wanted) (stated kc ks (map snd wanted))) = true ->
  forall a b c, In (a, b, c) (map snd wanted) -> op G (lab 0 a) (lab kc b) = lab ks c.
Proof.
  intros kinds kc ks lab s v wanted Hkc Hks H0 Hs Hr Hshow a b c Hin.
  apply in_map_iff in Hin. destruct Hin as [[i t] [Ht Hin]]. simpl in Ht. subst t.
  assert (Hc : In (i, P (label n 0 a) (label n kc b) (label n ks c))
    (combine (map fst wanted) (stated kc ks (map snd wanted)))).
  { clear - Hin. induction wanted as [|w ws IH]; [destruct Hin|]. destruct Hin as [->|Hin].
    - left. reflexivity.
    - right. apply IH. exact Hin. }
  pose proof (shows_sound n kinds G lab s v _ Hs Hshow _ _ _ _ Hc) as He.
  rewrite forallb_forall in Hr. assert (Hab : in_range (a, b, c) = true).
  { apply Hr. apply in_map_iff. exists (i, (a, b, c)). split; [reflexivity|exact Hin]. }
  unfold in_range in Hab. simpl in Hab. split_and. destruct Hs as (_ & _ & _ & Hl).
  rewrite !Hl in He by assumption. exact He.
Qed.

Lemma group_start : forall (f : N -> elt G), bijective n f -> has f f f cells -> forallb in_range cells = true ->
  sound n 1 G (fun _ => f) (start 1 (stated 0 0 cells)) (v0 (fun _ => f)).
Proof.
  intros f Hb Hc Hr. apply start_sound.
  - reflexivity.
  - intros. apply v0_label. assumption.
  - intros x Hx. eapply (stated_good 1 0 0); try lia; eassumption.
Qed.

Theorem forced_in_groups : forall (f : N -> elt G) wanted, ends 0 0 of_group wanted = true ->
  bijective n f -> has f f f cells -> has f f f (map snd wanted).
Proof.
  intros f wanted H Hb Hc. unfold ends in H. split_and. pose proof (group_start f Hb Hc ltac:(assumption)) as Hs.
  pose proof (run_sound n 1 G (fun _ => f) (fun _ _ => Hb) fuel lines _ _ Hs) as Hrun.
  unfold of_group in *. destruct (run n 1 fuel lines _); try discriminate. destruct Hrun as [v Hv].
  intros a b c Hin. apply (shown 1 0 0 (fun _ => f) s v wanted); try lia; assumption.
Qed.

Theorem no_group : forall (f : N -> elt G), refutes of_group = true -> bijective n f -> ~ has f f f cells.
Proof.
  intros f H Hb Hc. unfold refutes in H. split_and. pose proof (group_start f Hb Hc ltac:(assumption)) as Hs.
  pose proof (run_sound n 1 G (fun _ => f) (fun _ _ => Hb) fuel lines _ _ Hs) as Hrun.
  unfold of_group in *. destruct (run n 1 fuel lines _); try discriminate. exact Hrun.
Qed.

(* Any row a0 and column b0 of an isotope may stand for the unit of the group. *)
Section Gauge.
Variables (f g h : N -> elt G) (a0 b0 : N).
Hypothesis (Hf : bijective n f) (Hg : bijective n g) (Hh : bijective n h).
Let left x := op G (inv G (f a0)) x.
Let right x := op G x (inv G (g b0)).
Definition moved (kind a : N) : elt G :=
  if kind =? 0 then left (f a) else if kind =? 1 then right (g a) else left (right (h a)).

Lemma left_one : forall x y, left x = left y -> x = y.
Proof. intros x y. apply cancel_l. Qed.
Lemma right_one : forall x y, right x = right y -> x = y.
Proof. intros x y. apply cancel_r. Qed.
Lemma left_onto : forall x, exists y, left y = x.
Proof. intros x. exists (op G (f a0) x). unfold left. rewrite <- assoc, inv_l, one_l. reflexivity. Qed.
Lemma right_onto : forall x, exists y, right y = x.
Proof. intros x. exists (op G x (g b0)). unfold right. rewrite assoc, inv_r, one_r. reflexivity. Qed.

Lemma moved_bijective : forall kind, kind < 3 -> bijective n (moved kind).
Proof.
  intros kind Hk. unfold moved. destruct (N.eqb_spec kind 0); [|destruct (N.eqb_spec kind 1)]; split.
  - intros a b Ha Hb H. apply left_one in H. apply Hf; assumption.
  - intros x. destruct (left_onto x) as [y <-]. destruct Hf as [_ Hs]. destruct (Hs y) as [a [Ha <-]]. exists a. auto.
  - intros a b Ha Hb H. apply right_one in H. apply Hg; assumption.
  - intros x. destruct (right_onto x) as [y <-]. destruct Hg as [_ Hs]. destruct (Hs y) as [a [Ha <-]]. exists a. auto.
  - intros a b Ha Hb H. apply left_one, right_one in H. apply Hh; assumption.
  - intros x. destruct (left_onto x) as [y <-]. destruct (right_onto y) as [z <-].
    destruct Hh as [_ Hs]. destruct (Hs z) as [a [Ha <-]]. exists a. auto.
Qed.

Lemma moved_product : forall a b c,
  op G (moved 0 a) (moved 1 b) = moved 2 c <-> op G (f a) (g b) = h c.
Proof.
  intros a b c. unfold moved. simpl. unfold left, right. rewrite assoc. split.
  - intros H. apply cancel_l in H. rewrite <- assoc in H. apply cancel_r in H. exact H.
  - intros <-. f_equal. symmetry. apply assoc.
Qed.

Lemma isotope_start : has f g h cells -> forallb in_range cells = true -> a0 < n -> b0 < n ->
  sound n 3 G moved (start 3 (stated 1 2 cells ++ [E (label n 0 a0) 0; E (label n 1 b0) 0])) (v0 moved).
Proof.
  intros Hc Hr Ha Hb. apply start_sound.
  - reflexivity.
  - intros. apply v0_label. assumption.
  - intros x Hx. apply in_app_or in Hx. destruct Hx as [Hx|[<-|[<-|[]]]].
    + eapply (stated_good 3 1 2 moved cells); try lia; try eassumption.
      intros a b c Hin. apply moved_product. apply Hc. exact Hin.
    + cbn [good]. pose proof (label_bound n 3 0 a0 ltac:(lia) Ha). rewrite v0_label by assumption.
      repeat split; try lia. unfold v0, moved, left. simpl. rewrite inv_l. reflexivity.
    + cbn [good]. pose proof (label_bound n 3 1 b0 ltac:(lia) Hb). rewrite v0_label by assumption.
      repeat split; try lia. unfold v0, moved, right. simpl. rewrite inv_r. reflexivity.
Qed.

Theorem forced_in_isotopes : forall wanted, (a0 <? n) && (b0 <? n) && ends 1 2 (of_isotope a0 b0) wanted = true ->
  has f g h cells -> has f g h (map snd wanted).
Proof.
  intros wanted H Hc. unfold ends in H. split_and.
  pose proof (isotope_start Hc ltac:(assumption) ltac:(assumption) ltac:(assumption)) as Hs.
  pose proof (run_sound n 3 G moved moved_bijective fuel lines _ _ Hs) as Hrun.
  unfold of_isotope in *. destruct (run n 3 fuel lines _); try discriminate. destruct Hrun as [v Hv].
  intros a b c Hin. apply moved_product. apply (shown 3 1 2 moved s v wanted); try lia; assumption.
Qed.

Theorem no_isotope : (a0 <? n) && (b0 <? n) && refutes (of_isotope a0 b0) = true -> ~ has f g h cells.
Proof.
  intros H Hc. unfold refutes in H. split_and.
  pose proof (isotope_start Hc ltac:(assumption) ltac:(assumption) ltac:(assumption)) as Hs.
  pose proof (run_sound n 3 G moved moved_bijective fuel lines _ _ Hs) as Hrun.
  unfold of_isotope in *. destruct (run n 3 fuel lines _); try discriminate. exact Hrun.
Qed.
End Gauge.
End Claims.

(* Quadrangles: in a group three products of two rows and two columns give the fourth. *)

Theorem quadrangles : forall (G : Group) (f g h : N -> elt G) n a b c d e k l m x y z u v,
  bijective n h -> u < n -> v < n -> u <> v ->
  ~ has f g h [(a, e, x); (a, k, y); (b, e, z); (b, k, u); (c, l, x); (c, m, y); (d, l, z); (d, m, v)].
Proof.
  intros G f g h n a b c d e k l m x y z u v [Hinj _] Hu Hv Huv H. apply Huv, Hinj; [exact Hu|exact Hv|].
  assert (fourth : forall p q r s, op G (f p) (g r) = h x -> op G (f p) (g s) = h y ->
    op G (f q) (g r) = h z -> op G (f q) (g s) = op G (op G (h z) (inv G (h x))) (h y)).
  { intros p q r s H1 H2 H3. set (w := op G (h z) (inv G (h x))).
    assert (Hw : op G w (f p) = f q).
    { apply (cancel_r G (g r)). rewrite assoc, H1, H3. unfold w. rewrite assoc, inv_l, one_r. reflexivity. }
    rewrite <- Hw, assoc, H2. reflexivity. }
  rewrite <- (H b k u), <- (H d m v) by (simpl; tauto).
  rewrite (fourth a b e k), (fourth c d l m); try reflexivity; apply H; simpl; tauto.
Qed.

Theorem twice_in_a_row : forall (G : Group) (f g h : N -> elt G) n a b c x,
  bijective n g -> b < n -> c < n -> b <> c -> ~ has f g h [(a, b, x); (a, c, x)].
Proof.
  intros G f g h n a b c x [Hinj _] Hb Hc Hbc H. apply Hbc, Hinj; [exact Hb|exact Hc|].
  apply (cancel_l G (f a)). rewrite (H a b x), (H a c x) by (simpl; tauto). reflexivity.
Qed.

Theorem twice_in_a_column : forall (G : Group) (f g h : N -> elt G) n a b c x,
  bijective n f -> a < n -> b < n -> a <> b -> ~ has f g h [(a, c, x); (b, c, x)].
Proof.
  intros G f g h n a b c x [Hinj _] Ha Hb Hab H. apply Hab, Hinj; [exact Ha|exact Hb|].
  apply (cancel_r G (g c)). rewrite (H a c x), (H b c x) by (simpl; tauto). reflexivity.
Qed.
