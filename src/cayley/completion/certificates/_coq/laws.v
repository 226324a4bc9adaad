(* Operations on a finite set that satisfy laws and conditions. *)

Section Operations.
Context {T : Type} (op : T -> T -> T).
Definition has (f : N -> T) (cells : list (N * N * N)) : Prop :=
  forall a b c, In (a, b, c) cells -> op (f a) (f b) = f c.
Definition left_cancellation : Prop := forall x y z, op x y = op x z -> y = z.
Definition right_cancellation : Prop := forall x y z, op y x = op z x -> y = z.
Definition is_unit (e : T) : Prop := forall x, op e x = x /\ op x e = x.
Definition has_unit : Prop := exists e, is_unit e.
Definition has_inverses : Prop :=
  exists e, is_unit e /\ forall x, exists y, op x y = e /\ op y x = e.
End Operations.

Inductive term := V (i : nat) | M (l r : term).
Fixpoint eval {T : Type} (op : T -> T -> T) (v : nat -> T) (t : term) : T :=
  match t with V i => v i | M l r => op (eval op v l) (eval op v r) end.
Definition satisfies {T : Type} (op : T -> T -> T) (law : term * term) : Prop :=
  forall v, eval op v (fst law) = eval op v (snd law).

Record theory := {
  laws : list (term * term);
  by_left : bool; by_right : bool; by_unit : bool; by_inverses : bool }.
Definition models {T : Type} (th : theory) (op : T -> T -> T) : Prop :=
  Forall (satisfies op) (laws th)
  /\ (by_left th = true -> left_cancellation op) /\ (by_right th = true -> right_cancellation op)
  /\ (by_unit th = true -> has_unit op)
  /\ (by_inverses th = true -> by_unit th = true /\ has_inverses op).

(* The lines of a proof, and a program that reads them. *)

Inductive fact := P (p q r : N) | E (p r : N).

Inductive line :=
  | Define (p q r place : N)
  | Unit (x : N)
  | Inverse (x : N)
  | Same (i j : positive) (place : N)
  | Replace (i : positive) (place : N) (j : positive)
  | Law (k : nat) (instance : list N) (used : list (option positive))
  | Only (p q r place : N) (kept : option N) (used : list positive)
  | Clash (i : positive)
  | Split (p : N) (q : option N) (kept : option N) (cases : list (N * list line)).

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

Section Checker.
Variables (n : N) (th : theory).

Definition label (a : N) : N := 1 + a.
Definition apart (x y : N) : bool :=
  (1 <=? x) && (x <=? n) && (1 <=? y) && (y <=? n) && negb (x =? y).
Definition everyone : list N := map N.of_nat (seq 0 (N.to_nat n)).
Definition cancels (place : N) : bool :=
  if place =? 0 then by_right th else if place =? 1 then by_left th else true.

(* The value of a term whose products are facts that are named in their order. *)
Definition product (s : state) (p q : N) (i : positive) : option N :=
  match get s i with
  | Some (P p' q' r) => if (p =? p') && (q =? q') then Some r else None
  | _ => None
  end.
Fixpoint value (s : state) (at_ : list N) (t : term) (used : list (option positive))
  : option (N * list (option positive)) :=
  match t with
  | V i => Some (nth i at_ 0, used)
  | M l r =>
    match value s at_ l used with
    | Some (p, used) =>
      match value s at_ r used with
      | Some (q, Some i :: used) =>
        match product s p q i with Some x => Some (x, used) | None => None end
      | _ => None
      end
    | None => None
    end
  end.
(* A side of a law: its value, or the two factors of its outermost product if that is unknown. *)
Inductive side := Known (x : N) | Open (p q : N).
Definition side_of (s : state) (at_ : list N) (t : term) (used : list (option positive))
  : option (side * list (option positive)) :=
  match t with
  | V i => Some (Known (nth i at_ 0), used)
  | M l r =>
    match value s at_ l used with
    | Some (p, used) =>
      match value s at_ r used with
      | Some (q, Some i :: used) =>
        match product s p q i with Some x => Some (Known x, used) | None => None end
      | Some (q, None :: used) => Some (Open p q, used)
      | _ => None
      end
    | None => None
    end
  end.
Definition instance_of (s : state) (at_ : list N) (law : term * term)
  (used : list (option positive)) : option fact :=
  match side_of s at_ (fst law) used with
  | Some (one, used) =>
    match one, side_of s at_ (snd law) used with
    | Known x, Some (Known y, _) => Some (E x y)
    | Known x, Some (Open p q, _) => Some (P p q x)
    | Open p q, Some (Known y, _) => Some (P p q y)
    | _, _ => None
    end
  | None => None
  end.

(* Whether a fact excludes a product: they agree in two places and are apart in the third. *)
Definition excludes (f : option fact) (p q r : N) : bool :=
  match f with
  | Some (P x y z) =>
    ((x =? p) && (y =? q) && apart z r) || (by_left th && (x =? p) && apart y q && (z =? r))
    || (by_right th && apart x p && (y =? q) && (z =? r))
  | _ => false
  end.
Definition placed (p q r place x : N) : N * N * N :=
  if place =? 0 then (x, q, r) else if place =? 1 then (p, x, r) else (p, q, x).
Definition others (kept : option N) : list N :=
  filter (fun a => match kept with Some k => negb (a =? k) | None => true end) everyone.
Definition all_excluded (s : state) (p q r place : N) (kept : option N) (used : list positive)
  : bool :=
  Nat.eqb (length used) (length (others kept)) &&
  forallb (fun each => let '(x, y, z) := placed p q r place (label (fst each)) in
    excludes (get s (snd each)) x y z) (combine (others kept) used).

Definition step (l : line) (s : state) : result :=
  match l with
  | Define p q r place =>
    let x := count s in
    if place =? 0 then when (by_right th && (q <? x) && (r <? x)) (put (fresh s) (P x q r))
    else if place =? 1 then when (by_left th && (p <? x) && (r <? x)) (put (fresh s) (P p x r))
    else when ((p <? x) && (q <? x)) (put (fresh s) (P p q x))
  | Unit x => when (by_unit th && (x <? count s)) (put (put s (P 0 x x)) (P x 0 x))
  | Inverse x =>
    let y := count s in
    when (by_inverses th && (x <? y)) (put (put (fresh s) (P x y 0)) (P y x 0))
  | Same i j place =>
    match get s i, get s j with
    | Some (P p q r), Some (P p' q' r') =>
      if place =? 0 then when (by_right th && (q =? q') && (r =? r')) (put s (E p p'))
      else if place =? 1 then when (by_left th && (p =? p') && (r =? r')) (put s (E q q'))
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
  | Law k at_ used =>
    match nth_error (laws th) k with
    | Some law =>
      if forallb (fun x => x <? count s) at_
      then match instance_of s at_ law used with Some f => Going (put s f) | None => Bad end
      else Bad
    | None => Bad
    end
  | Only p q r place (Some k) used =>
    let '(x, y, z) := placed p q r place (label k) in
    when (cancels place && (k <? n) && (x <? count s) && (y <? count s) && (z <? count s)
          && all_excluded s p q r place (Some k) used) (put s (P x y z))
  | _ => Bad
  end.

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
    | Only p q r place None used =>
      if cancels place && all_excluded s p q r place None used then Refuted else Bad
    | Split p q kept cases =>
      if (p <? count s) && below q (count s)
         && forallb (fun a => existsb (N.eqb a) (match kept with Some a => [a] | None => [] end
                                                 ++ map fst cases)) everyone
         && forallb (fun ab => (fst ab <? n) &&
              match run fuel (snd ab) (put s (either p q (label (fst ab)))) with
              | Refuted => true | _ => false end) cases
      then match kept with
           | None => Refuted
           | Some a => if a <? n then run fuel rest (put s (either p q (label a))) else Bad
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

Variables (T : Type) (op : T -> T -> T) (lab : N -> T).
Hypothesis lab_bijective : bijective n lab.
Hypothesis is_model : models th op.

Lemma everyone_all : forall a, a < n -> In a everyone.
Proof.
  intros a Ha. unfold everyone. apply in_map_iff. exists (N.to_nat a). split; [apply N2Nat.id|].
  apply in_seq. lia.
Qed.

Lemma everyone_below : forall a, In a everyone -> a < n.
Proof.
  intros a Ha. unfold everyone in Ha. apply in_map_iff in Ha. destruct Ha as [k [<- Hk]].
  apply in_seq in Hk. lia.
Qed.

Lemma map_NoDup : forall (A B : Type) (g : A -> B) (l : list A), NoDup l ->
  (forall x y, In x l -> In y l -> g x = g y -> x = y) -> NoDup (map g l).
Proof.
  intros A B g l Hl. induction Hl as [|x l Hx Hl IH]; intros Hg; simpl; constructor.
  - intros Hin. apply in_map_iff in Hin. destruct Hin as [y [Hy Hin]].
    apply Hg in Hy; [subst; contradiction|right; exact Hin|left; reflexivity].
  - apply IH. intros y z Hy Hz. apply Hg; right; assumption.
Qed.

(* A map of a finite set to itself that is one-to-one is onto. *)
Lemma onto : forall g : T -> T, (forall x y, g x = g y -> x = y) -> forall z, exists y, g y = z.
Proof.
  intros g Hg z. destruct lab_bijective as [Hinj Hsur].
  assert (Hall : forall x, In x (map lab everyone)).
  { intros x. destruct (Hsur x) as [a [Ha <-]]. apply in_map, everyone_all, Ha. }
  assert (Hnd : NoDup (map lab everyone)).
  { apply map_NoDup.
    - unfold everyone. apply map_NoDup; [apply seq_NoDup|]. intros x y _ _. apply Nat2N.inj.
    - intros x y Hx Hy. apply Hinj; apply everyone_below; assumption. }
  assert (Hincl : incl (map lab everyone) (map g (map lab everyone))).
  { apply NoDup_length_incl.
    - apply map_NoDup; [exact Hnd|]. intros x y _ _. apply Hg.
    - rewrite !map_length. apply le_n.
    - intros x _. apply Hall. }
  specialize (Hincl z (Hall z)). apply in_map_iff in Hincl. destruct Hincl as [y [Hy _]].
  exists y. exact Hy.
Qed.

Definition good (c : N) (v : N -> T) (f : fact) : Prop :=
  match f with
  | P p q r => p < c /\ q < c /\ r < c /\ op (v p) (v q) = v r
  | E p r => p < c /\ r < c /\ v p = v r
  end.

Definition unit_at (e : T) : Prop :=
  (by_unit th = true -> is_unit op e) /\
  (by_inverses th = true -> forall x, exists y, op x y = e /\ op y x = e).

Definition sound (s : state) (v : N -> T) : Prop :=
  (forall i f, get s i = Some f -> good (count s) v f) /\ unit_at (v 0) /\
  n < count s /\ (forall a, a < n -> v (label a) = lab a).

Lemma put_sound : forall s v f, sound s v -> good (count s) v f -> sound (put s f) v.
Proof.
  intros [[m i] c] v f [H1 H2] H. split; [|exact H2].
  intros j g. unfold get, put, count in *; simpl in *.
  destruct (Pos.eq_dec j i) as [->|Hne].
  - rewrite PositiveMap.gss. intros [= <-]. exact H.
  - rewrite PositiveMap.gso by exact Hne. apply H1.
Qed.

Definition update (v : N -> T) (c : N) (x : T) (k : N) : T := if k =? c then x else v k.

Lemma update_old : forall v c x k, k < c -> update v c x k = v k.
Proof. intros. unfold update. destruct (N.eqb_spec k c); [lia|reflexivity]. Qed.

Lemma update_new : forall v c x, update v c x c = x.
Proof. intros. unfold update. rewrite N.eqb_refl. reflexivity. Qed.

Lemma fresh_sound : forall s v x, sound s v -> sound (fresh s) (update v (count s) x).
Proof.
  intros [[m i] c] v x (H1 & H2 & H3 & H4). unfold fresh, sound, get, count in *; simpl in *.
  split; [|split; [|split]].
  - intros j f Hf. specialize (H1 j f Hf). destruct f; simpl in *.
    + destruct H1 as (Hp & Hq & Hr & He). rewrite !update_old by assumption. repeat split; try lia; assumption.
    + destruct H1 as (Hp & Hr & He). rewrite !update_old by assumption. repeat split; try lia; assumption.
  - rewrite update_old by lia. exact H2.
  - lia.
  - intros a Ha. unfold label in *. rewrite update_old by lia. apply H4. exact Ha.
Qed.

Lemma swapped_good : forall (v : N -> T) x y t u c, x < c -> y < c -> v x = v y ->
  swapped x y t = Some u -> u < c /\ v u = v t.
Proof.
  intros v x y t u c Hx Hy Hv H. unfold swapped in H.
  destruct (N.eqb_spec t x) as [->|]; [inversion H; subst; auto|].
  destruct (N.eqb_spec t y) as [->|]; [inversion H; subst; auto|discriminate].
Qed.

Lemma apart_sound : forall s v x y, sound s v -> apart x y = true -> v x <> v y.
Proof.
  intros s v x y (_ & _ & _ & Hl) H Heq. unfold apart in H. split_and.
  repeat match goal with A : (_ <=? _) = true |- _ => apply N.leb_le in A end.
  match goal with A : negb _ = true |- _ => apply negb_true_iff, N.eqb_neq in A; rename A into Hne end.
  assert (Hx : x = label (x - 1)) by (unfold label; lia).
  assert (Hy : y = label (y - 1)) by (unfold label; lia).
  rewrite Hx, Hy, !Hl in Heq by lia. destruct lab_bijective as [Hinj _].
  apply Hinj in Heq; lia.
Qed.

Lemma product_sound : forall s v p q i r, sound s v -> product s p q i = Some r ->
  r < count s /\ op (v p) (v q) = v r.
Proof.
  intros s v p q i r (Hf & _) H. unfold product in H.
  destruct (get s i) as [[p' q' r'|? ?]|] eqn:Hg; try discriminate.
  destruct ((p =? p') && (q =? q')) eqn:Hb; [|discriminate]. split_and.
  inversion H; subst. apply Hf in Hg. simpl in Hg. tauto.
Qed.

Definition at_of (v : N -> T) (at_ : list N) (i : nat) : T := v (nth i at_ 0).

Lemma nth_below : forall c at_ i, 0 < c -> forallb (fun x => x <? c) at_ = true -> nth i at_ 0 < c.
Proof.
  intros c at_ i Hc H. rewrite forallb_forall in H. destruct (nth_in_or_default i at_ 0) as [Hin| ->].
  - apply N.ltb_lt, H, Hin.
  - exact Hc.
Qed.

Lemma value_sound : forall s v at_, sound s v -> forallb (fun x => x <? count s) at_ = true ->
  forall t used x rest, value s at_ t used = Some (x, rest) ->
  x < count s /\ eval op (at_of v at_) t = v x.
Proof.
  intros s v at_ Hs Ha. assert (Hc : 0 < count s) by (destruct Hs as (_ & _ & ? & _); lia).
  induction t as [i|l IHl r IHr]; intros used x rest H; simpl in H.
  - inversion H; subst. split; [apply nth_below; assumption|reflexivity].
  - destruct (value s at_ l used) as [[p used1]|] eqn:Hl; [|discriminate].
    destruct (value s at_ r used1) as [[q [|[i|] used2]]|] eqn:Hr; try discriminate.
    destruct (product s p q i) as [z|] eqn:Hp; [|discriminate]. inversion H; subst.
    apply IHl in Hl. apply IHr in Hr. apply (product_sound s v) in Hp; [|exact Hs].
    destruct Hl as [_ Hl], Hr as [_ Hr], Hp as [Hx Hp]. split; [exact Hx|].
    simpl. rewrite Hl, Hr. exact Hp.
Qed.

Definition side_good (c : N) (v : N -> T) (x : T) (sd : side) : Prop :=
  match sd with
  | Known y => y < c /\ x = v y
  | Open p q => p < c /\ q < c /\ x = op (v p) (v q)
  end.

Lemma side_sound : forall s v at_ t used sd rest, sound s v ->
  forallb (fun x => x <? count s) at_ = true -> side_of s at_ t used = Some (sd, rest) ->
  side_good (count s) v (eval op (at_of v at_) t) sd.
Proof.
  intros s v at_ t used sd rest Hs Ha H.
  assert (Hc : 0 < count s) by (destruct Hs as (_ & _ & ? & _); lia).
  destruct t as [i|l r]; simpl in H.
  - inversion H; subst. simpl. split; [apply nth_below; assumption|reflexivity].
  - destruct (value s at_ l used) as [[p used1]|] eqn:Hl; [|discriminate].
    destruct (value s at_ r used1) as [[q [|[i|] used2]]|] eqn:Hr; try discriminate;
    apply (value_sound s v at_ Hs Ha) in Hl; apply (value_sound s v at_ Hs Ha) in Hr;
    destruct Hl as [Hpc Hl], Hr as [Hqc Hr].
    + destruct (product s p q i) as [z|] eqn:Hp; [|discriminate]. inversion H; subst.
      apply (product_sound s v) in Hp; [|exact Hs]. destruct Hp as [Hx Hp].
      simpl. rewrite Hl, Hr. split; [exact Hx|exact Hp].
    + inversion H; subst. simpl. rewrite Hl, Hr. repeat split; assumption.
Qed.

Lemma instance_sound : forall s v at_ law used f, sound s v -> satisfies op law ->
  forallb (fun x => x <? count s) at_ = true -> instance_of s at_ law used = Some f ->
  good (count s) v f.
Proof.
  intros s v at_ [l r] used f Hs Hlaw Ha H. specialize (Hlaw (at_of v at_)). simpl in Hlaw.
  unfold instance_of in H. simpl in H.
  destruct (side_of s at_ l used) as [[one used1]|] eqn:Hl; [|discriminate].
  apply (side_sound s v) in Hl; try assumption.
  destruct one as [x|p q]; destruct (side_of s at_ r used1) as [[[y|p' q'] used2]|] eqn:Hr;
  try discriminate; apply (side_sound s v) in Hr; try assumption; inversion H; subst;
  simpl in *; repeat match goal with A : _ /\ _ |- _ => destruct A end; repeat split; try assumption;
  congruence.
Qed.

Lemma excludes_sound : forall s v i p q r, sound s v -> excludes (get s i) p q r = true ->
  op (v p) (v q) <> v r.
Proof.
  intros s v i p q r Hs H Heq. pose proof Hs as (Hf & _). unfold excludes in H.
  destruct is_model as (_ & Hleft & Hright & _).
  destruct (get s i) as [[x y z|? ?]|] eqn:Hg; try discriminate. apply Hf in Hg. simpl in Hg.
  destruct Hg as (_ & _ & _ & Hg). apply orb_prop in H. destruct H as [H|H]; [apply orb_prop in H; destruct H as [H|H]|].
  - split_and. match goal with A : apart _ _ = true |- _ => apply (apart_sound s v _ _ Hs) in A; apply A end.
    congruence.
  - split_and. match goal with A : apart _ _ = true |- _ => apply (apart_sound s v _ _ Hs) in A; apply A end.
    match goal with A : by_left th = true |- _ => apply Hleft in A; apply (A (v p)) end. congruence.
  - split_and. match goal with A : apart _ _ = true |- _ => apply (apart_sound s v _ _ Hs) in A; apply A end.
    match goal with A : by_right th = true |- _ => apply Hright in A; apply (A (v q)) end. congruence.
Qed.

Lemma combine_in : forall (A B : Type) (l : list A) (k : list B) x, length k = length l -> In x l ->
  exists y, In (x, y) (combine l k).
Proof.
  induction l as [|a l IH]; intros [|b k] x Hlen Hin; simpl in *; try contradiction; try discriminate.
  destruct Hin as [->|Hin]; [exists b; left; reflexivity|].
  destruct (IH k x) as [y Hy]; [congruence|exact Hin|]. exists y. right. exact Hy.
Qed.

(* What is said of a place whose other labels are excluded. *)
Definition stands (v : N -> T) (p q r place : N) (x : T) : Prop :=
  if place =? 0 then op x (v q) = v r else if place =? 1 then op (v p) x = v r else op (v p) (v q) = x.

Lemma stands_exists : forall v p q r place, cancels place = true -> exists x, stands v p q r place x.
Proof.
  intros v p q r place H. destruct is_model as (_ & Hleft & Hright & _).
  unfold cancels, stands in *. destruct (place =? 0); [|destruct (place =? 1)].
  - apply (onto (fun x => op x (v q))). intros x y. apply (Hright H).
  - apply (onto (fun x => op (v p) x)). intros x y. apply (Hleft H).
  - eexists; reflexivity.
Qed.

Lemma excluded_sound : forall s v p q r place kept used, sound s v -> cancels place = true ->
  all_excluded s p q r place kept used = true ->
  match kept with
  | None => False
  | Some k => k < n -> stands v p q r place (lab k)
  end.
Proof.
  intros s v p q r place kept used Hs Hc H. unfold all_excluded in H.
  apply andb_prop in H. destruct H as [Hlen H]. apply Nat.eqb_eq in Hlen. rewrite forallb_forall in H.
  destruct (stands_exists v p q r place Hc) as [x Hx].
  destruct lab_bijective as [Hinj Hsur]. destruct (Hsur x) as [a [Ha <-]].
  assert (Hnot : In a (others kept) -> False).
  { intros Hin. destruct (combine_in _ _ _ used a Hlen Hin) as [i Hi]. specialize (H _ Hi). simpl in H.
    pose proof Hs as (_ & _ & _ & Hl). specialize (Hl a Ha). unfold placed, stands in *.
    destruct (place =? 0); [|destruct (place =? 1)];
    apply (excludes_sound s v _ _ _ _ Hs) in H; apply H; congruence. }
  unfold others in Hnot. destruct kept as [k|].
  - intros Hk. destruct (N.eqb_spec a k) as [->|Hne]; [exact Hx|]. exfalso. apply Hnot.
    apply filter_In. split; [apply everyone_all; exact Ha|].
    apply negb_true_iff, N.eqb_neq. exact Hne.
  - apply Hnot. apply filter_In. split; [apply everyone_all; exact Ha|reflexivity].
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

Lemma step_sound : forall l s s' v, sound s v -> step l s = Going s' -> exists v', sound s' v'.
Proof.
  intros l s s' v Hs H. pose proof Hs as (Hf & Hu & Hc & Hl).
  pose proof is_model as (Hlaws & Hleft & Hright & Hunit & Hinv).
  destruct l; simpl in H; try discriminate H.
  - repeat branch H; inversion H; subst; clear H; split_and.
    + destruct (onto (fun x => op x (v q))) with (z := v r) as [x Hx]; [intros a b; apply Hright; assumption|].
      exists (update v (count s) x). apply put_sound; [apply fresh_sound; exact Hs|].
      simpl. unfold fresh, count; simpl. fold (count s).
      rewrite update_new, !update_old by assumption. repeat split; try lia. exact Hx.
    + destruct (onto (fun x => op (v p) x)) with (z := v r) as [x Hx]; [intros a b; apply Hleft; assumption|].
      exists (update v (count s) x). apply put_sound; [apply fresh_sound; exact Hs|].
      simpl. unfold fresh, count; simpl. fold (count s).
      rewrite update_new, !update_old by assumption. repeat split; try lia. exact Hx.
    + exists (update v (count s) (op (v p) (v q))). apply put_sound; [apply fresh_sound; exact Hs|].
      simpl. unfold fresh, count; simpl. fold (count s).
      rewrite update_new, !update_old by assumption. repeat split; lia.
  - branch H. inversion H; subst; clear H; split_and. exists v. destruct Hu as [Hu _].
    match goal with A : by_unit th = true |- _ => specialize (Hu A (v x)); destruct Hu as [Hu1 Hu2] end.
    assert (good (count s) v (P 0 x x)) by (simpl; repeat split; try lia; assumption).
    assert (good (count s) v (P x 0 x)) by (simpl; repeat split; try lia; assumption).
    apply put_sound; [apply put_sound; assumption|]. unfold put, count in *; simpl in *. assumption.
  - branch H. inversion H; subst; clear H; split_and. destruct Hu as [_ Hu].
    match goal with A : by_inverses th = true |- _ => destruct (Hu A (v x)) as [y [H1 H2]] end.
    exists (update v (count s) y).
    assert (Hy : forall p q r : N, (p < count (fresh s) /\ q < count (fresh s) /\ r < count (fresh s) /\
      op (update v (count s) y p) (update v (count s) y q) = update v (count s) y r) ->
      good (count (fresh s)) (update v (count s) y) (P p q r)) by (intros ? ? ? A; exact A).
    assert (Hcf : count (fresh s) = count s + 1) by reflexivity.
    apply put_sound; [apply put_sound; [apply fresh_sound; exact Hs|]|].
    + apply Hy. rewrite Hcf, update_new, !update_old by lia. repeat split; try lia; assumption.
    + change (count (put (fresh s) (P x (count s) 0))) with (count (fresh s)).
      apply Hy. rewrite Hcf, update_new, !update_old by lia. repeat split; try lia; assumption.
  - exists v. fact_of H. fact_of H.
    match goal with A : get s i = Some _, B : get s j = Some _ |- _ => apply Hf in A; apply Hf in B; simpl in A, B end.
    repeat branch H; inversion H; subst; clear H; split_and; apply put_sound; try exact Hs; simpl; repeat split; try assumption.
    + match goal with A : by_right th = true, B : op ?a ?b = _, C : op ?c ?b = _ |- ?a = ?c =>
        apply (Hright A b); congruence end.
    + match goal with A : by_left th = true, B : op ?b ?a = _, C : op ?b ?c = _ |- ?a = ?c =>
        apply (Hleft A b); congruence end.
    + congruence.
  - exists v. fact_of H; fact_of H;
    match goal with A : get s i = Some _, B : get s j = Some _ |- _ => apply Hf in A; apply Hf in B; simpl in A, B end;
    split_and;
    repeat branch H; inversion H; subst; clear H;
    match goal with S : swapped _ _ _ = Some _ |- _ =>
      eapply swapped_good with (c := count s) (v := v) in S; try eassumption; destruct S end;
    apply put_sound; try exact Hs; simpl; repeat split; try assumption; congruence.
  - exists v. destruct (nth_error (laws th) k) as [law|] eqn:Hk; [|discriminate].
    match type of H with (if ?b then _ else _) = _ => destruct b eqn:Hat; [|discriminate] end.
    destruct (instance_of s instance law used) as [f|] eqn:Hi; [|discriminate].
    inversion H; subst. apply put_sound; [exact Hs|].
    apply (instance_sound s v instance law used); try assumption.
    rewrite Forall_forall in Hlaws. apply Hlaws. apply nth_error_In in Hk. exact Hk.
  - exists v. destruct kept as [k|]; [|discriminate].
    destruct (placed p q r place (label k)) as [[x y] z] eqn:Hp. branch H. inversion H; subst; clear H; split_and.
    match goal with A : all_excluded _ _ _ _ _ _ _ = true |- _ =>
      apply (excluded_sound s v) in A; try assumption; specialize (A ltac:(assumption)); rename A into Hx end.
    apply put_sound; [exact Hs|]. simpl. repeat split; try assumption.
    assert (Hk : v (label k) = lab k) by (apply Hl; assumption).
    unfold placed, stands in *. destruct (place =? 0); [|destruct (place =? 1)];
    inversion Hp; subst; congruence.
Qed.

Lemma either_good : forall s v p q a, sound s v -> p < count s -> below q (count s) = true -> a < n ->
  match q with Some q => op (v p) (v q) | None => v p end = lab a -> good (count s) v (either p q (label a)).
Proof.
  intros s v p q a (_ & _ & Hc & Hl) Hp Hq Ha H.
  assert (label a < count s) by (unfold label; lia).
  destruct q; simpl in *; [apply N.ltb_lt in Hq|]; repeat split; try assumption; rewrite Hl by assumption; exact H.
Qed.

Lemma step_not_refuted : forall l s, step l s <> Refuted.
Proof.
  intros l s H. destruct l; simpl in H;
  repeat match type of H with
  | context [match get ?s ?i with _ => _ end] => destruct (get s i) as [[? ? ?|? ?]|]
  | context [match nth_error ?l ?k with _ => _ end] => destruct (nth_error l k)
  | context [match instance_of ?a ?b ?c ?d with _ => _ end] => destruct (instance_of a b c d)
  | context [match swapped ?x ?y ?t with _ => _ end] => destruct (swapped x y t)
  | context [match ?k with Some _ => _ | None => _ end] => destruct k
  | context [let '(_, _) := ?x in _] => destruct x as [[? ?] ?]
  | context [if ?b then _ else _] => destruct b
  end; unfold when in H;
  repeat match type of H with context [if ?b then _ else _] => destruct b end; discriminate H.
Qed.

Lemma run_sound : forall fuel lines s v, sound s v ->
  match run fuel lines s with Bad => True | Refuted => False | Going s' => exists v', sound s' v' end.
Proof.
  induction fuel as [|fuel IH]; intros lines s v Hs; [exact I|].
  destruct lines as [|l rest]; simpl; [exists v; exact Hs|].
  assert (Hstep : forall l', match step l' s with Going s' => match run fuel rest s' with
    Bad => True | Refuted => False | Going s'' => exists v', sound s'' v' end | Bad => True | Refuted => False end).
  { intros l'. destruct (step l' s) as [| |s'] eqn:Hl; [exact I| |].
    - exact (step_not_refuted l' s Hl).
    - destruct (step_sound l' s s' v Hs Hl) as [v' Hs']. apply (IH rest s' v' Hs'). }
  destruct l; try (match goal with |- context [step ?l s] =>
    specialize (Hstep l); destruct (step l s); exact Hstep end).
  - destruct kept as [k|].
    + match goal with |- context [step ?l s] => specialize (Hstep l); destruct (step l s); exact Hstep end.
    + destruct (cancels place && all_excluded s p q r place None used) eqn:Hb; [|exact I].
      apply andb_prop in Hb. destruct Hb as [Hb1 Hb2].
      exact (excluded_sound s v p q r place None used Hs Hb1 Hb2).
  - destruct (get s i) as [[? ? ?|x y]|] eqn:Hg; try exact I.
    destruct (apart x y) eqn:Ha; [|exact I].
    apply (apart_sound s v x y Hs Ha). destruct Hs as (Hf & _). apply Hf in Hg. simpl in Hg. apply Hg.
  - match goal with |- context [if ?b then _ else _] => destruct b eqn:Hb; [|exact I] end.
    split_and.
    assert (Hex : exists a, a < n /\ match q with Some q => op (v p) (v q) | None => v p end = lab a).
    { destruct lab_bijective as [_ Hsur].
      destruct (Hsur match q with Some q => op (v p) (v q) | None => v p end) as [a [Ha He]].
      exists a. split; [exact Ha|symmetry; exact He]. }
    destruct Hex as [a [Ha He]].
    assert (Hgood : sound (put s (either p q (label a))) v).
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
End Checker.

(* What a run of the program says. *)

Section Claims.
Variables (n : N) (th : theory) (cells : list (N * N * N)) (lines : list line) (fuel : nat).

Definition in_range (t : N * N * N) : bool :=
  (fst (fst t) <? n) && (snd (fst t) <? n) && (snd t <? n).
Definition stated (ts : list (N * N * N)) : list fact :=
  map (fun t => P (label (fst (fst t))) (label (snd (fst t))) (label (snd t))) ts.
Definition start : state := fold_left put (stated cells) (PositiveMap.empty fact, 1%positive, 1 + n).
Definition ends (wanted : list (positive * (N * N * N))) : bool :=
  (0 <? n) && forallb in_range cells && forallb in_range (map snd wanted) &&
  match run n th fuel lines start with
  | Going s => shows s (combine (map fst wanted) (stated (map snd wanted)))
  | _ => false
  end.
Definition refutes : bool :=
  (0 <? n) && forallb in_range cells &&
  match run n th fuel lines start with Refuted => true | _ => false end.

Variables (T : Type) (op : T -> T -> T) (f : N -> T).
Hypothesis Hf : bijective n f.
Hypothesis Hm : models th op.
Hypothesis Hc : has op f cells.

Lemma start_sound : 0 < n -> forallb in_range cells = true -> exists v, sound n th T op f start v.
Proof.
  intros Hn Hr.
  assert (He : exists e, unit_at th T op e).
  { destruct Hm as (_ & _ & _ & Hu & Hi). unfold unit_at.
    destruct (by_inverses th) eqn:Hti.
    - destruct (Hi eq_refl) as [_ [e [He Hy]]]. exists e. split; intros _; assumption.
    - destruct (by_unit th) eqn:Htu.
      + destruct (Hu eq_refl) as [e He]. exists e. split; [intros _; exact He|discriminate].
      + exists (f 0). split; discriminate. }
  destruct He as [e He]. exists (fun k => if k =? 0 then e else f (k - 1)).
  assert (Hl : forall a, (if label a =? 0 then e else f (label a - 1)) = f a).
  { intros a. unfold label. destruct (N.eqb_spec (1 + a) 0); [lia|]. f_equal. lia. }
  assert (Hall : forall facts s, sound n th T op f s (fun k => if k =? 0 then e else f (k - 1)) ->
    (forall x, In x facts -> good T op (count s) (fun k => if k =? 0 then e else f (k - 1)) x) ->
    sound n th T op f (fold_left put facts s) (fun k => if k =? 0 then e else f (k - 1))).
  { induction facts as [|x facts IH]; intros s Hs Hx; [exact Hs|]. simpl. apply IH.
    - apply put_sound; [exact Hs|]. apply Hx. left. reflexivity.
    - intros g Hg. unfold put, count; simpl. apply Hx. right. exact Hg. }
  unfold start. apply Hall.
  - split; [|split; [|split]].
    + intros i x Hx. unfold get in Hx. simpl in Hx. rewrite PositiveMap.gempty in Hx. discriminate.
    + exact He.
    + unfold count. cbn [snd fst]. lia.
    + intros a _. apply Hl.
  - intros x Hx. unfold stated in Hx. apply in_map_iff in Hx. destruct Hx as [[[a b] c] [<- Hin]].
    rewrite forallb_forall in Hr. pose proof (Hr _ Hin) as Hab. unfold in_range in Hab. cbn [fst snd] in *.
    split_and. cbn [good]. rewrite !Hl. unfold count; cbn [fst snd]. unfold label.
    repeat split; try lia. apply Hc. exact Hin.
Qed.

Theorem forced_by_laws : forall wanted, ends wanted = true -> has op f (map snd wanted).
Proof.
  intros wanted H. unfold ends in H. split_and. destruct start_sound as [v Hv]; try assumption.
  pose proof (run_sound n th T op f Hf Hm fuel lines _ _ Hv) as Hrun.
  destruct (run n th fuel lines start) as [| |s]; try discriminate. destruct Hrun as [w (Hg & _ & _ & Hl)].
  intros a b c Hin.
  match goal with A : forallb _ (map snd wanted) = true |- _ => rewrite forallb_forall in A; pose proof (A _ Hin) as Hab end.
  unfold in_range in Hab. simpl in Hab. split_and.
  apply in_map_iff in Hin. destruct Hin as [[i t] [Ht Hin]]. simpl in Ht. subst t.
  assert (Hk : In (i, P (label a) (label b) (label c)) (combine (map fst wanted) (stated (map snd wanted)))).
  { clear - Hin. induction wanted as [|w ws IH]; [destruct Hin|]. destruct Hin as [->|Hin].
    - left. reflexivity.
    - right. apply IH. exact Hin. }
  match goal with A : shows _ _ = true |- _ => unfold shows in A; rewrite forallb_forall in A; specialize (A _ Hk); simpl in A end.
  destruct (get s i) as [[x y z|? ?]|] eqn:Hi; try discriminate. split_and.
  apply Hg in Hi. simpl in Hi. destruct Hi as (_ & _ & _ & Hi). rewrite !Hl in Hi by assumption. exact Hi.
Qed.

Theorem no_model : refutes = true -> False.
Proof.
  intros H. unfold refutes in H. split_and. destruct start_sound as [v Hv]; try assumption.
  pose proof (run_sound n th T op f Hf Hm fuel lines _ _ Hv) as Hrun.
  destruct (run n th fuel lines start) as [| |s]; try discriminate. exact Hrun.
Qed.
End Claims.
