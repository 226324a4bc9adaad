(* Operations with laws and conditions. *)

Section Operations.
Context {T : Type} (op : T -> T -> T).
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
  by_left : bool; by_right : bool; by_unit : bool; by_inverses : bool;
  by_group : bool }.

(* What the lines may use of an operation: translations that are one-to-one are onto. *)
Record fits {T : Type} (th : theory) (op : T -> T -> T) : Prop := {
  fit_laws : Forall (satisfies op) (laws th);
  fit_left : by_left th = true -> left_cancellation op /\ forall x z, exists y, op x y = z;
  fit_right : by_right th = true -> right_cancellation op /\ forall x z, exists y, op y x = z;
  fit_group : by_group th = true -> forall x y z, op (op x y) z = op x (op y z) }.

Definition unit_at {T : Type} (th : theory) (op : T -> T -> T) (e : T) : Prop :=
  (by_unit th = true -> is_unit op e) /\
  (by_inverses th = true -> forall x, exists y, op x y = e /\ op y x = e).

(* The lines of a proof, and a program that reads them. *)

Inductive fact := P (p q r : N) | E (p r : N).

Inductive line :=
  | Define (p q r place : N)
  | Unit (x : N)
  | Inverse (x : N)
  | Same (i j : positive) (place : N)
  | Replace (i : positive) (place : N) (j : positive)
  | Law (k : nat) (instance : list N) (used : list (option positive))
  | Associate (which : N) (i j k : positive)
  | Only (p q r place kind : N) (kept : option N) (used : list positive)
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

(* There are n labels of each kind: of one, or of rows (0), columns (1) and symbols (2). In a
   homotope only the symbols are apart, and only a product of a row and a column is a symbol. *)

Section Checker.
Variables (n kinds : N) (th : theory) (homotope : bool).

Definition label (kind a : N) : N := 1 + kind * n + a.
Definition is_label (kind x : N) : bool := (label kind 0 <=? x) && (x <? label kind n).
Definition first_apart : N := if homotope then label 2 0 else 1.
Definition apart (x y : N) : bool :=
  (first_apart <=? x) && (x <=? kinds * n) && (first_apart <=? y) && (y <=? kinds * n)
  && negb (x =? y) && ((x - 1) / n =? (y - 1) / n).
Definition cancels (place : N) : bool :=
  if place =? 0 then by_right th else if place =? 1 then by_left th else true.
(* Whether an element, or the product of two, is one of the labels of a kind. *)
Definition covers (p : N) (q : option N) (kind : N) : bool :=
  (kind <? kinds) && (negb homotope ||
    ((kind =? 2) && is_label 0 p && match q with Some q => is_label 1 q | None => false end)).

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
(* Whether what is in a place is one of the labels of a kind. *)
Definition covers_place (p q place kind : N) : bool :=
  if (place =? 0) || (place =? 1) then negb homotope && (kind <? kinds) else covers p (Some q) kind.
Definition others (kept : option N) : list N :=
  filter (fun a => match kept with Some k => negb (a =? k) | None => true end) (numbers n).
Definition all_excluded (s : state) (p q r place kind : N) (kept : option N) (used : list positive)
  : bool :=
  Nat.eqb (length used) (length (others kept)) &&
  forallb (fun each => let '(x, y, z) := placed p q r place (label kind (fst each)) in
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
  | Associate which i j k =>
    match get s i, get s j, get s k with
    | Some (P x1 x2 x3), Some (P y1 y2 y3), Some (P z1 z2 z3) =>
      if which =? 0 then (* a b = c, w b = u, v c = u |- v a = w *)
        when (by_group th && by_right th && ((x2 =? y2) && (x3 =? z2) && (y3 =? z3)))
          (put s (P z1 x1 y1))
      else if which =? 1 then (* v a = w, w b = u, v c = u |- a b = c *)
        when (by_group th && by_left th && ((x3 =? y1) && (x1 =? z1) && (y3 =? z3)))
          (put s (P x2 y2 z2))
      else if which =? 2 then (* v a = w, a b = c, v c = u |- w b = u *)
        when (by_group th && ((x2 =? y1) && (x1 =? z1) && (y3 =? z2))) (put s (P x3 y2 z3))
      else (* v a = w, a b = c, w b = u |- v c = u *)
        when (by_group th && ((x2 =? y1) && (x3 =? z1) && (y2 =? z2))) (put s (P x1 y3 z3))
    | _, _, _ => Bad
    end
  | Only p q r place kind (Some k) used =>
    let '(x, y, z) := placed p q r place (label kind k) in
    when (cancels place && covers_place p q place kind && (k <? n) && (x <? count s)
          && (y <? count s) && (z <? count s) && all_excluded s p q r place kind (Some k) used)
      (put s (P x y z))
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
    | Only p q r place kind None used =>
      if cancels place && covers_place p q place kind && all_excluded s p q r place kind None used
      then Refuted else Bad
    | Split p q kind kept cases =>
      if (p <? count s) && below q (count s) && covers p q kind
         && forallb (fun a => existsb (N.eqb a) (match kept with Some a => [a] | None => [] end
                                                 ++ map fst cases)) (numbers n)
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

(* Why it may be believed: every fact is true of the elements that the names stand for. *)

Variables (T : Type) (op : T -> T -> T) (lab : N -> N -> T).
Hypothesis fit : fits th op.
Hypothesis lab_apart : forall kind a b, kind < kinds -> (homotope = true -> kind = 2) ->
  a < n -> b < n -> lab kind a = lab kind b -> a = b.
Hypothesis lab_covers : homotope = false ->
  forall kind x, kind < kinds -> exists a, a < n /\ lab kind a = x.
Hypothesis lab_products : homotope = true -> kinds = 3 /\
  forall a b, a < n -> b < n -> exists c, c < n /\ op (lab 0 a) (lab 1 b) = lab 2 c.

Definition good (c : N) (v : N -> T) (f : fact) : Prop :=
  match f with
  | P p q r => p < c /\ q < c /\ r < c /\ op (v p) (v q) = v r
  | E p r => p < c /\ r < c /\ v p = v r
  end.

Definition sound (s : state) (v : N -> T) : Prop :=
  (forall i f, get s i = Some f -> good (count s) v f) /\ unit_at th op (v 0) /\
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

Definition update (v : N -> T) (c : N) (x : T) (k : N) : T := if k =? c then x else v k.

Lemma update_old : forall v c x k, k < c -> update v c x k = v k.
Proof. intros. unfold update. destruct (N.eqb_spec k c); [lia|reflexivity]. Qed.

Lemma update_new : forall v c x, update v c x c = x.
Proof. intros. unfold update. rewrite N.eqb_refl. reflexivity. Qed.

Lemma label_bound : forall kind a, kind < kinds -> a < n -> label kind a <= kinds * n.
Proof. intros kind a Hk Ha. clear - Hk Ha. unfold label. nia. Qed.

Lemma fresh_sound : forall s v x, sound s v -> sound (fresh s) (update v (count s) x).
Proof.
  intros [[m i] c] v x (H1 & H2 & H3 & H4). unfold fresh, sound, get, count in *; simpl in *.
  split; [|split; [|split]].
  - intros j f Hf. specialize (H1 j f Hf). destruct f; simpl in *.
    + destruct H1 as (Hp & Hq & Hr & He). rewrite !update_old by assumption. repeat split; try lia; assumption.
    + destruct H1 as (Hp & Hr & He). rewrite !update_old by assumption. repeat split; try lia; assumption.
  - rewrite update_old by lia. exact H2.
  - lia.
  - intros kind a Hk Ha. pose proof (label_bound kind a Hk Ha). rewrite update_old by lia. apply H4; assumption.
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
  assert (Hfirst : 1 <= first_apart) by (unfold first_apart, label; destruct homotope; lia).
  assert (n <> 0) by (intro; subst; lia).
  assert (Hx : x = label ((x - 1) / n) ((x - 1) mod n)).
  { unfold label. pose proof (N.div_mod (x - 1) n). lia. }
  assert (Hy : y = label ((y - 1) / n) ((y - 1) mod n)).
  { unfold label. pose proof (N.div_mod (y - 1) n). lia. }
  pose proof (N.mod_upper_bound (x - 1) n). pose proof (N.mod_upper_bound (y - 1) n).
  assert (Hk : (x - 1) / n < kinds) by (apply N.div_lt_upper_bound; lia).
  assert (Hk' : (y - 1) / n < kinds) by (apply N.div_lt_upper_bound; lia).
  rewrite Hx, Hy, !Hl in Heq by auto.
  match goal with A : (_ - 1) / n = (_ - 1) / n |- _ => rename A into Hsame end.
  rewrite Hsame in Heq.
  apply lab_apart in Heq; auto.
  - apply Hne. rewrite Hx, Hy. congruence.
  - intros Hh. destruct (lab_products Hh) as [Hkinds _]. unfold first_apart, label in *. rewrite Hh in *.
    assert (2 <= (y - 1) / n) by (apply N.div_le_lower_bound; lia). lia.
Qed.

Lemma is_label_at : forall kind x, is_label kind x = true -> exists a, a < n /\ x = label kind a.
Proof.
  intros kind x H. unfold is_label in H. apply andb_prop in H. destruct H as [H1 H2].
  apply N.leb_le in H1. apply N.ltb_lt in H2. exists (x - label kind 0).
  clear - H1 H2. unfold label in *. lia.
Qed.

Lemma covers_sound : forall s v p q kind, sound s v -> covers p q kind = true -> kind < kinds /\
  exists a, a < n /\ match q with Some q => op (v p) (v q) | None => v p end = lab kind a.
Proof.
  intros s v p q kind (_ & _ & _ & Hl) H. unfold covers in H. apply andb_prop in H. destruct H as [Hk H].
  apply N.ltb_lt in Hk. split; [exact Hk|].
  assert (Hcase : homotope = true \/ homotope = false) by (destruct homotope; auto).
  destruct Hcase as [Hh|Hh]; rewrite Hh in H; cbn [negb orb] in H.
  - destruct (lab_products Hh) as [Hkinds Hp]. clear Hh.
    destruct q as [q|]; [|rewrite andb_false_r in H; discriminate]. split_and.
    match goal with A : is_label 0 p = true |- _ => apply is_label_at in A; destruct A as [a [Ha Ea]] end.
    match goal with A : is_label 1 q = true |- _ => apply is_label_at in A; destruct A as [b [Hb Eb]] end.
    rewrite Ea, Eb, !Hl by (assumption || lia). apply Hp; assumption.
  - destruct (lab_covers Hh kind match q with Some q => op (v p) (v q) | None => v p end Hk)
      as [a [Ha He]]. exists a. split; [exact Ha|symmetry; exact He].
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
  destruct fit as [_ Hleft Hright _].
  destruct (get s i) as [[x y z|? ?]|] eqn:Hg; try discriminate. apply Hf in Hg. simpl in Hg.
  destruct Hg as (_ & _ & _ & Hg). apply orb_prop in H. destruct H as [H|H]; [apply orb_prop in H; destruct H as [H|H]|];
  split_and; match goal with A : apart _ _ = true |- _ => apply (apart_sound s v _ _ Hs) in A; apply A end.
  - congruence.
  - match goal with A : by_left th = true |- _ => apply Hleft in A; apply (proj1 A (v p)) end. congruence.
  - match goal with A : by_right th = true |- _ => apply Hright in A; apply (proj1 A (v q)) end. congruence.
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

Lemma stands_exists : forall s v p q r place kind, sound s v -> cancels place = true ->
  covers_place p q place kind = true ->
  kind < kinds /\ exists a, a < n /\ stands v p q r place (lab kind a).
Proof.
  intros s v p q r place kind Hs H Hp. destruct fit as [_ Hleft Hright _].
  unfold cancels, covers_place, stands in *.
  destruct (place =? 0); [|destruct (place =? 1)]; cbn [orb] in Hp.
  - split_and. split; [assumption|]. destruct (proj2 (Hright H) (v q) (v r)) as [x Hx].
    match goal with A : negb homotope = true |- _ => apply negb_true_iff in A;
      destruct (lab_covers A kind x) as [a [Ha <-]]; [assumption|exists a; auto] end.
  - split_and. split; [assumption|]. destruct (proj2 (Hleft H) (v p) (v r)) as [x Hx].
    match goal with A : negb homotope = true |- _ => apply negb_true_iff in A;
      destruct (lab_covers A kind x) as [a [Ha <-]]; [assumption|exists a; auto] end.
  - exact (covers_sound s v p (Some q) kind Hs Hp).
Qed.

Lemma excluded_sound : forall s v p q r place kind kept used, sound s v -> cancels place = true ->
  covers_place p q place kind = true -> all_excluded s p q r place kind kept used = true ->
  match kept with
  | None => False
  | Some k => k < n -> kind < kinds /\ stands v p q r place (lab kind k)
  end.
Proof.
  intros s v p q r place kind kept used Hs Hc Hp H. unfold all_excluded in H.
  apply andb_prop in H. destruct H as [Hlen H]. apply Nat.eqb_eq in Hlen. rewrite forallb_forall in H.
  destruct (stands_exists s v p q r place kind Hs Hc Hp) as [Hk [a [Ha Hx]]].
  assert (Hnot : In a (others kept) -> False).
  { intros Hin. destruct (combine_in _ _ _ used a Hlen Hin) as [i Hi]. specialize (H _ Hi). simpl in H.
    pose proof Hs as (_ & _ & _ & Hl). specialize (Hl kind a Hk Ha). unfold placed, stands in *.
    destruct (place =? 0); [|destruct (place =? 1)];
    apply (excludes_sound s v _ _ _ _ Hs) in H; apply H; congruence. }
  unfold others in Hnot. destruct kept as [k|].
  - intros _. split; [exact Hk|]. destruct (N.eqb_spec a k) as [->|Hne]; [exact Hx|]. exfalso. apply Hnot.
    apply filter_In. split; [apply numbers_all; exact Ha|].
    apply negb_true_iff, N.eqb_neq. exact Hne.
  - apply Hnot. apply filter_In. split; [apply numbers_all; exact Ha|reflexivity].
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
  pose proof fit as [Hlaws Hleft Hright Hgroup].
  destruct l; simpl in H; try discriminate H.
  - repeat branch H; inversion H; subst; clear H; split_and.
    + match goal with A : by_right th = true |- _ => destruct (proj2 (Hright A) (v q) (v r)) as [x Hx] end.
      exists (update v (count s) x). apply put_sound; [apply fresh_sound; exact Hs|].
      simpl. unfold fresh, count; simpl. fold (count s).
      rewrite update_new, !update_old by assumption. repeat split; try lia. exact Hx.
    + match goal with A : by_left th = true |- _ => destruct (proj2 (Hleft A) (v p) (v r)) as [x Hx] end.
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
        apply (proj1 (Hright A) b); congruence end.
    + match goal with A : by_left th = true, B : op ?b ?a = _, C : op ?b ?c = _ |- ?a = ?c =>
        apply (proj1 (Hleft A) b); congruence end.
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
  - exists v. fact_of H. fact_of H. fact_of H.
    repeat match goal with A : get s _ = Some _ |- _ => apply Hf in A; simpl in A end.
    repeat branch H; inversion H; subst; clear H; split_and;
    match goal with A : by_group th = true |- _ => specialize (Hgroup A); rename Hgroup into assoc end;
    apply put_sound; try exact Hs; simpl; repeat split; try assumption.
    + match goal with A : by_right th = true, B : op ?a ?b = ?q |- op ?d ?a = ?c =>
        apply (proj1 (Hright A) b); rewrite assoc; congruence end.
    + match goal with A : by_left th = true, B : op ?d ?a = ?w |- op ?a ?b = ?c =>
        apply (proj1 (Hleft A) d); rewrite <- assoc; congruence end.
    + match goal with A : op ?d ?a = ?w, B : op ?a ?b = ?c, C : op ?d ?c = ?u |- op ?w ?b = ?u =>
        rewrite <- A, assoc, B; exact C end.
    + match goal with A : op ?d ?a = ?w, B : op ?a ?b = ?c, C : op ?w ?b = ?u |- op ?d ?c = ?u =>
        rewrite <- B, <- assoc, A; exact C end.
  - exists v. destruct kept as [k|]; [|discriminate].
    destruct (placed p q r place (label kind k)) as [[x y] z] eqn:Hp. branch H. inversion H; subst; clear H; split_and.
    match goal with A : all_excluded _ _ _ _ _ _ _ _ = true |- _ =>
      apply (excluded_sound s v) in A; try assumption; specialize (A ltac:(assumption)); destruct A as [Hkind Hx] end.
    apply put_sound; [exact Hs|]. simpl. repeat split; try assumption.
    assert (Hk : v (label kind k) = lab kind k) by (apply Hl; assumption).
    unfold placed, stands in *. destruct (place =? 0); [|destruct (place =? 1)];
    inversion Hp; subst; congruence.
Qed.

Lemma either_good : forall s v p q kind a, sound s v -> p < count s -> below q (count s) = true ->
  kind < kinds -> a < n ->
  match q with Some q => op (v p) (v q) | None => v p end = lab kind a ->
  good (count s) v (either p q (label kind a)).
Proof.
  intros s v p q kind a (_ & _ & Hc & Hl) Hp Hq Hk Ha H. pose proof (label_bound kind a Hk Ha).
  destruct q; simpl in *; [apply N.ltb_lt in Hq|]; repeat split; try lia; rewrite Hl by assumption; exact H.
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
    + match goal with |- context [if ?b then _ else _] => destruct b eqn:Hb; [|exact I] end.
      split_and. eapply (excluded_sound s v p q r place kind None used Hs); assumption.
  - destruct (get s i) as [[? ? ?|x y]|] eqn:Hg; try exact I.
    destruct (apart x y) eqn:Ha; [|exact I].
    apply (apart_sound s v x y Hs Ha). destruct Hs as (Hf & _). apply Hf in Hg. simpl in Hg. apply Hg.
  - match goal with |- context [if ?b then _ else _] => destruct b eqn:Hb; [|exact I] end.
    split_and.
    match goal with A : covers _ _ _ = true |- _ =>
      destruct (covers_sound s v p q kind Hs A) as [Hkind [a [Ha He]]] end.
    assert (Hgood : sound (put s (either p q (label kind a))) v).
    { apply put_sound; [exact Hs|]. eapply either_good; eassumption. }
    assert (Hnot : forall branch, In (a, branch) cases -> False).
    { intros branch Hin.
      match goal with A : forallb _ cases = true |- _ => rewrite forallb_forall in A; specialize (A _ Hin); simpl in A end.
      split_and.
      match goal with A : match run _ _ _ with _ => _ end = true |- _ =>
        specialize (IH branch _ v Hgood); destruct (run fuel branch _); [discriminate|exact IH|discriminate] end. }
    match goal with A : forallb _ (numbers n) = true |- _ => rewrite forallb_forall in A; specialize (A a (numbers_all n a Ha)) end.
    match goal with A : existsb _ _ = true |- _ => apply existsb_exists in A; destruct A as [b [Hin Hab]]; apply N.eqb_eq in Hab; subst b;
      apply in_app_or in Hin; destruct Hin as [Hin|Hin] end.
    + destruct kept as [k|]; [|destruct Hin]. destruct Hin as [<-|[]].
      destruct (N.ltb_spec k n); [|exact I]. apply (IH rest _ v Hgood).
    + exfalso. apply in_map_iff in Hin. destruct Hin as [[b branch] [Hb Hin]]. simpl in Hb. subst b.
      apply (Hnot branch Hin).
Qed.
End Checker.

(* What a run of the program says. Columns and symbols have kinds kc and ks; a gauge lists labels
   that are the unit. *)

Section Claims.
Variables (n kinds kc ks : N) (th : theory) (homotope : bool) (gauge : list (N * N)).
Variables (cells : list (N * N * N)) (lines : list line) (fuel : nat).

Definition stated (t : N * N * N) : fact :=
  P (label n 0 (fst (fst t))) (label n kc (snd (fst t))) (label n ks (snd t)).
Definition start : state :=
  fold_left put (map stated cells ++ map (fun ka => E (label n (fst ka) (snd ka)) 0) gauge)
    (PositiveMap.empty fact, 1%positive, 1 + kinds * n).
Definition outcome : result := run n kinds th homotope fuel lines start.
Definition valid : bool :=
  (0 <? n) && (0 <? kinds) && (kc <? kinds) && (ks <? kinds) && forallb (in_range n) cells
  && forallb (fun ka => (fst ka <? kinds) && (snd ka <? n)) gauge.
Definition shown (s : state) (i : positive) (t : N * N * N) : bool :=
  match get s i, stated t with
  | Some (P p q r), P p' q' r' => (p =? p') && (q =? q') && (r =? r')
  | _, _ => false
  end.
Definition forces (wanted : list (positive * (N * N * N))) : bool :=
  valid && match outcome with
  | Going s => forallb (fun it => in_range n (snd it) && shown s (fst it) (snd it)) wanted
  | _ => false
  end.
Definition refutes : bool := valid && match outcome with Refuted => true | _ => false end.

Variables (T : Type) (op : T -> T -> T) (lab : N -> N -> T) (e : T).
Hypothesis fit : fits th op.
Hypothesis unit_e : unit_at th op e.
Hypothesis lab_apart : forall kind a b, kind < kinds -> (homotope = true -> kind = 2) ->
  a < n -> b < n -> lab kind a = lab kind b -> a = b.
Hypothesis lab_covers : homotope = false ->
  forall kind x, kind < kinds -> exists a, a < n /\ lab kind a = x.
Hypothesis lab_products : homotope = true -> kinds = 3 /\
  forall a b, a < n -> b < n -> exists c, c < n /\ op (lab 0 a) (lab 1 b) = lab 2 c.
Hypothesis cells_true : forall a b c, In (a, b, c) cells -> a < n -> b < n -> c < n ->
  op (lab 0 a) (lab kc b) = lab ks c.
Hypothesis gauge_true : forall kind a, In (kind, a) gauge -> lab kind a = e.

Definition v0 (k : N) : T := if k =? 0 then e else lab ((k - 1) / n) ((k - 1) mod n).

Lemma v0_label : forall kind a, a < n -> v0 (label n kind a) = lab kind a.
Proof.
  intros kind a Ha. unfold v0, label. destruct (N.eqb_spec (1 + kind * n + a) 0); [lia|].
  replace (1 + kind * n + a - 1) with (a + kind * n) by lia.
  rewrite N.div_add, N.mod_add by lia. rewrite N.div_small, N.mod_small by exact Ha. f_equal; lia.
Qed.

Lemma start_sound : valid = true -> sound n kinds th T op lab start v0.
Proof.
  intros Hv. unfold valid in Hv. split_and.
  assert (Hall : forall facts s, sound n kinds th T op lab s v0 ->
    (forall f, In f facts -> good T op (count s) v0 f) ->
    sound n kinds th T op lab (fold_left put facts s) v0).
  { induction facts as [|f facts IH]; intros s Hs Hf; [exact Hs|].
    simpl. apply IH.
    - apply put_sound; [exact Hs|]. apply Hf. left. reflexivity.
    - intros g Hg. unfold put, count; simpl. apply Hf. right. exact Hg. }
  unfold start. apply Hall.
  - split; [|split; [|split]].
    + intros i f H'. unfold get in H'. simpl in H'. rewrite PositiveMap.gempty in H'. discriminate.
    + exact unit_e.
    + unfold count. cbn [snd fst]. lia.
    + intros kind a _ Ha. apply v0_label. exact Ha.
  - intros f Hf. unfold count. cbn [snd fst]. apply in_app_or in Hf. destruct Hf as [Hf|Hf]; apply in_map_iff in Hf.
    + destruct Hf as [[[a b] c] [<- Hin]].
      match goal with A : forallb (in_range n) cells = true |- _ => rewrite forallb_forall in A;
        pose proof (A _ Hin) as Hab end.
      unfold in_range in Hab. cbn [fst snd] in *. split_and. unfold stated. cbn [good fst snd].
      rewrite !v0_label by assumption.
      pose proof (label_bound n kinds 0 a ltac:(assumption) ltac:(assumption)).
      pose proof (label_bound n kinds kc b ltac:(assumption) ltac:(assumption)).
      pose proof (label_bound n kinds ks c ltac:(assumption) ltac:(assumption)).
      repeat split; try lia. apply cells_true; assumption.
    + destruct Hf as [[kind a] [<- Hin]].
      match goal with A : forallb _ gauge = true |- _ => rewrite forallb_forall in A;
        pose proof (A _ Hin) as Hab end.
      cbn [fst snd] in *. split_and. cbn [good]. rewrite !v0_label by assumption.
      pose proof (label_bound n kinds kind a ltac:(assumption) ltac:(assumption)).
      repeat split; try lia. apply gauge_true. exact Hin.
Qed.

Theorem forced : forall wanted, forces wanted = true -> forall a b c, In (a, b, c) (map snd wanted) ->
  a < n /\ b < n /\ c < n /\ op (lab 0 a) (lab kc b) = lab ks c.
Proof.
  intros wanted H a b c Hin. unfold forces in H. apply andb_prop in H. destruct H as [Hv H].
  pose proof (run_sound n kinds th homotope T op lab fit lab_apart lab_covers lab_products fuel lines _ _
    (start_sound Hv)) as Hrun. unfold valid in Hv. split_and.
  unfold outcome in H. destruct (run n kinds th homotope fuel lines start) as [| |s]; try discriminate.
  destruct Hrun as [v (Hg & _ & _ & Hl)]. rewrite forallb_forall in H.
  apply in_map_iff in Hin. destruct Hin as [[i t] [Ht Hin]]. simpl in Ht. subst t.
  specialize (H _ Hin). unfold shown, stated, in_range in H. cbn [fst snd] in H.
  destruct (get s i) as [[x y z|? ?]|] eqn:Hi; try (rewrite andb_false_r in H; discriminate).
  split_and. repeat split; try assumption.
  apply Hg in Hi. simpl in Hi. destruct Hi as (_ & _ & _ & Hi). rewrite !Hl in Hi by assumption. exact Hi.
Qed.

Theorem refuted : refutes = true -> False.
Proof.
  intros H. unfold refutes in H. apply andb_prop in H. destruct H as [Hv H].
  pose proof (run_sound n kinds th homotope T op lab fit lab_apart lab_covers lab_products fuel lines _ _
    (start_sound Hv)) as Hrun.
  unfold outcome in H. destruct (run n kinds th homotope fuel lines start); try discriminate. exact Hrun.
Qed.
End Claims.
