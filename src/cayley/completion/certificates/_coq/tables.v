(* Full tables, which are looked at in all their cells. *)

Definition cell (t : list (list N)) (a b : N) : N := nth (N.to_nat b) (nth (N.to_nat a) t []) 0.
Definition listed (l : list N) (a : N) : N := nth (N.to_nat a) l 0.

Definition agrees (t : list (list N)) (cells : list (N * N * N)) : Prop :=
  forall a b c, In (a, b, c) cells -> cell t a b = c.

Section Properties.
Variables (n : N) (t : list (list N)).
Definition closed : Prop := forall a, a < n -> forall b, b < n -> cell t a b < n.
Definition associative : Prop := forall a, a < n -> forall b, b < n -> forall c, c < n ->
  cell t (cell t a b) c = cell t a (cell t b c).
Definition cancels_left : Prop := forall a, a < n -> forall b, b < n -> forall c, c < n ->
  cell t a b = cell t a c -> b = c.
Definition cancels_right : Prop := forall a, a < n -> forall b, b < n -> forall c, c < n ->
  cell t b a = cell t c a -> b = c.
Definition unit_of (e : N) : Prop := forall x, x < n -> cell t e x = x /\ cell t x e = x.
Definition with_unit : Prop := exists e, e < n /\ unit_of e.
Definition with_inverses : Prop := exists e, e < n /\ unit_of e /\
  forall x, x < n -> exists y, y < n /\ cell t x y = e /\ cell t y x = e.
Definition group : Prop := closed /\ associative /\ with_inverses.
Definition one_to_one (f : N -> N) : Prop := (forall a, a < n -> f a < n) /\
  forall a, a < n -> forall b, b < n -> f a = f b -> a = b.
End Properties.

(* A table that three one-to-one maps take to a group, and one that any maps take to a group if
   they keep the symbols apart that occur. *)

Definition isotope_of (n : N) (t G : list (list N)) : Prop := closed n t /\ group n G /\
  exists f g h, one_to_one n f /\ one_to_one n g /\ one_to_one n h /\
  forall a, a < n -> forall b, b < n -> cell G (f a) (g b) = h (cell t a b).
Definition isotope (n : N) (t : list (list N)) : Prop := exists G, isotope_of n t G.

Definition occurs (n : N) (t : list (list N)) (c : N) : Prop :=
  exists a b, a < n /\ b < n /\ cell t a b = c.
Definition homotope (n : N) (t : list (list N)) : Prop := closed n t /\ exists m G f g h,
  group m G /\ (forall a, a < n -> f a < m /\ g a < m /\ h a < m) /\
  (forall c d, occurs n t c -> occurs n t d -> h c = h d -> c = d) /\
  forall a, a < n -> forall b, b < n -> cell G (f a) (g b) = h (cell t a b).

(* Each of these is decided by computing. *)

Definition agrees_b (t : list (list N)) (cells : list (N * N * N)) : bool :=
  forallb (fun x => cell t (fst (fst x)) (snd (fst x)) =? snd x) cells.
Lemma agrees_checked : forall t cells, agrees_b t cells = true -> agrees t cells.
Proof.
  intros t cells H a b c Hin. unfold agrees_b in H. rewrite forallb_forall in H.
  specialize (H _ Hin). apply N.eqb_eq in H. exact H.
Qed.

Section Checks.
Variables (n : N) (t : list (list N)).
Definition closed_b : bool := all n (fun a => all n (fun b => cell t a b <? n)).
Definition associative_b : bool := all n (fun a => all n (fun b => all n (fun c =>
  cell t (cell t a b) c =? cell t a (cell t b c)))).
Definition left_b : bool := all n (fun a => all n (fun b => all n (fun c =>
  implb (cell t a b =? cell t a c) (b =? c)))).
Definition right_b : bool := all n (fun a => all n (fun b => all n (fun c =>
  implb (cell t b a =? cell t c a) (b =? c)))).
Definition unit_b (e : N) : bool :=
  (e <? n) && all n (fun x => (cell t e x =? x) && (cell t x e =? x)).
Definition inverses_b (e : N) : bool := unit_b e &&
  all n (fun x => existsb (fun y => (cell t x y =? e) && (cell t y x =? e)) (numbers n)).
Definition one_to_one_b (f : N -> N) : bool := all n (fun a => f a <? n) &&
  all n (fun a => all n (fun b => implb (f a =? f b) (a =? b))).

Lemma implied : forall a b c d : N, implb (a =? b) (c =? d) = true -> a = b -> c = d.
Proof.
  intros a b c d H Hab. rewrite (proj2 (N.eqb_eq a b) Hab) in H. apply N.eqb_eq. exact H.
Qed.

Lemma closed_checked : closed_b = true -> closed n t.
Proof. intros H a Ha b Hb. apply N.ltb_lt. exact (all_below _ _ (all_below _ _ H a Ha) b Hb). Qed.

Lemma associative_checked : associative_b = true -> associative n t.
Proof.
  intros H a Ha b Hb c Hc. apply N.eqb_eq.
  exact (all_below _ _ (all_below _ _ (all_below _ _ H a Ha) b Hb) c Hc).
Qed.

Lemma left_checked : left_b = true -> cancels_left n t.
Proof.
  intros H a Ha b Hb c Hc. apply implied.
  exact (all_below _ _ (all_below _ _ (all_below _ _ H a Ha) b Hb) c Hc).
Qed.

Lemma right_checked : right_b = true -> cancels_right n t.
Proof.
  intros H a Ha b Hb c Hc. apply implied.
  exact (all_below _ _ (all_below _ _ (all_below _ _ H a Ha) b Hb) c Hc).
Qed.

Lemma unit_of_checked : forall e, unit_b e = true -> e < n /\ unit_of n t e.
Proof.
  intros e H. apply andb_prop in H. destruct H as [He H]. split; [apply N.ltb_lt; exact He|].
  intros x Hx. pose proof (all_below _ _ H x Hx) as Hb. apply andb_prop in Hb. destruct Hb as [H1 H2].
  split; apply N.eqb_eq; assumption.
Qed.

Lemma unit_checked : forall e, unit_b e = true -> with_unit n t.
Proof. intros e H. exists e. apply unit_of_checked. exact H. Qed.

Lemma inverses_checked : forall e, inverses_b e = true -> with_inverses n t.
Proof.
  intros e H. apply andb_prop in H. destruct H as [He H]. apply unit_of_checked in He.
  destruct He as [He Hu]. exists e. split; [exact He|]. split; [exact Hu|].
  intros x Hx. pose proof (all_below _ _ H x Hx) as Hb. apply existsb_exists in Hb.
  destruct Hb as [y [Hin Hy]]. exists y. split; [apply numbers_below; exact Hin|].
  apply andb_prop in Hy. destruct Hy as [H1 H2]. split; apply N.eqb_eq; assumption.
Qed.

Lemma group_checked : forall e, closed_b && associative_b && inverses_b e = true -> group n t.
Proof.
  intros e H. apply andb_prop in H. destruct H as [H H3]. apply andb_prop in H. destruct H as [H1 H2].
  split; [apply closed_checked; exact H1|]. split; [apply associative_checked; exact H2|].
  apply inverses_checked with (e := e). exact H3.
Qed.

Lemma one_to_one_checked : forall f, one_to_one_b f = true -> one_to_one n f.
Proof.
  intros f H. apply andb_prop in H. destruct H as [H1 H2]. split.
  - intros a Ha. apply N.ltb_lt. exact (all_below _ _ H1 a Ha).
  - intros a Ha b Hb. apply implied. exact (all_below _ _ (all_below _ _ H2 a Ha) b Hb).
Qed.

Definition equation_b (G : list (list N)) (f g h : N -> N) : bool :=
  all n (fun a => all n (fun b => cell G (f a) (g b) =? h (cell t a b))).
Definition maps_b (G : list (list N)) (f g h : N -> N) : bool :=
  closed_b && one_to_one_b f && one_to_one_b g && one_to_one_b h && equation_b G f g h.

Lemma equation_checked : forall G f g h, equation_b G f g h = true ->
  forall a, a < n -> forall b, b < n -> cell G (f a) (g b) = h (cell t a b).
Proof.
  intros G f g h H a Ha b Hb. apply N.eqb_eq. exact (all_below _ _ (all_below _ _ H a Ha) b Hb).
Qed.

Lemma isotope_of_checked : forall G f g h, group n G -> maps_b G f g h = true -> isotope_of n t G.
Proof.
  intros G f g h HG Hm. unfold maps_b in Hm. split_and. split; [apply closed_checked; assumption|].
  split; [exact HG|]. exists f, g, h. repeat split; try (apply one_to_one_checked; assumption).
  apply equation_checked. assumption.
Qed.

Lemma isotope_checked : forall G f g h, group n G -> maps_b G f g h = true -> isotope n t.
Proof. intros G f g h HG Hm. exists G. exact (isotope_of_checked G f g h HG Hm). Qed.

Definition occurring : list N := flat_map (fun a => map (cell t a) (numbers n)) (numbers n).
Definition occurs_b (c : N) : bool := existsb (N.eqb c) occurring.

Lemma occurs_checked : forall c, occurs n t c -> occurs_b c = true.
Proof.
  intros c [a [b [Ha [Hb Hc]]]]. apply existsb_exists. exists c. split; [|apply N.eqb_refl].
  apply in_flat_map. exists a. split; [apply numbers_all, Ha|]. apply in_map_iff. exists b.
  split; [exact Hc|apply numbers_all, Hb].
Qed.

Definition homotope_b (m : N) (G : list (list N)) (f g h : N -> N) : bool :=
  closed_b && all n (fun a => (f a <? m) && (g a <? m) && (h a <? m))
  && (let symbols := filter occurs_b (numbers n) in
      forallb (fun c => forallb (fun d => implb (h c =? h d) (c =? d)) symbols) symbols)
  && equation_b G f g h.

Lemma homotope_checked : forall m G f g h, group m G -> homotope_b m G f g h = true -> homotope n t.
Proof.
  intros m G f g h HG Hm. unfold homotope_b in Hm. apply andb_prop in Hm. destruct Hm as [Hm He].
  apply andb_prop in Hm. destruct Hm as [Hm Hs]. apply andb_prop in Hm. destruct Hm as [Hc Hr].
  pose proof (closed_checked Hc) as Hclosed. split; [exact Hclosed|].
  exists m, G, f, g, h. split; [exact HG|]. split; [|split].
  - intros a Ha. pose proof (all_below _ _ Hr a Ha) as H. cbv beta in H. split_and. auto.
  - assert (Hin : forall c, occurs n t c -> In c (filter occurs_b (numbers n))).
    { intros c H. apply filter_In. split; [|apply occurs_checked, H].
      destruct H as [a [b [Ha [Hb <-]]]]. apply numbers_all, Hclosed; assumption. }
    intros c d Hoc Hod. apply implied. cbv zeta in Hs. rewrite forallb_forall in Hs.
    specialize (Hs c (Hin c Hoc)). rewrite forallb_forall in Hs. exact (Hs d (Hin d Hod)).
  - apply equation_checked. exact He.
Qed.
End Checks.
