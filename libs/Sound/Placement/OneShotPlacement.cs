namespace Rewas.Sound.Placement;

/// <summary>
/// Places one-shots: one sound per attack of the curve, with its whole tail. Takes that fit similarly well alternate, with small variations
/// of level and speed.
/// </summary>
/// <remarks>
/// Attacks choose in a random order that depends on their own time only, and avoid the takes of neighbours that have chosen before. So no
/// take comes twice in a row, and an edit of the curve changes few choices beside it. Two takes can only alternate, so they choose in order
/// of time, and a new attack changes the turns of all later ones.
/// </remarks>
sealed class OneShotPlacement(IReadOnlyList<RecordingAnalysis> recordings, PlacementOptions options)
{
    const int MostTakes = 6, LeastTakes = 3;                                 // takes that may alternate
    const int MostVoices = 16;                                               // takes that sound at once; the oldest ends for the next
    const float SimilarCost = 1; // margin above the best take's cost within which takes alternate
    const float LevelCost = 0.15f;
    const int ShapeFrames = 40; // frames of the curve after an attack that takes are compared with
    const float LeastLevel = 1.5f;                                           // nepers above silence
    const double Fade = 0.002, TailFade = 0.02;                              // seconds
    const int LongestHit = Rewas.Clip.ClipTiming.SampleRate * 35 / 100;      // samples: 0.35 s
    const double NepersPerDecibel = 0.11512925464970229;                     // ln(10) / 20

    /// <summary>Neighbours whose takes are avoided, the nearest first.</summary>
    static readonly int[] Neighbours = [-1, 1, -2, 2];

    readonly SeededChoice chance = new(options.Seed, purpose: 0x6F6E6573);
    readonly List<(int Recording, SoundEvent Sound)> takes =
        [.. recordings.SelectMany((recording, i) => recording.IsOneShots ? recording.Events.Select(sound => (i, sound)) : [])];

    /// <summary>What sounds at an attack.</summary>
    /// <param name="Take">Index in the takes; -1 for none.</param>
    readonly record struct Turn(int Take, int Speed);

    public bool HasTakes => takes.Count > 0;

    /// <summary>Whether most takes are hits and clicks, too short to fill a curve between its attacks.</summary>
    public bool AreHits => takes.Count(take => take.Sound.TailEnd - take.Sound.Attack <= LongestHit) * 2 > takes.Count;

    public List<PlacedPiece> Place(float[] curve, List<CurveRise> attacks, CancellationToken cancellation)
    {
        var parts = AudibleParts.Of(curve);
        var audible = attacks.FindAll(attack => attack.Peak >= Mel.SilenceFloor.LogMel + LeastLevel);
        double NextAfter(int i) => i + 1 < audible.Count ? audible[i + 1].Frame : curve.Length;

        var pinned = options.Pinned.Select(pin => (Pin: pin, Attack: AttackOf(pin))).ToList();
        var turns = Turns(
            curve, audible, attack => pinned.Any(pin => IsPinned(attack, pin.Pin, pin.Attack.Seconds, pin.Attack.Sound)), NextAfter,
            cancellation);
        var pieces = new List<PlacedPiece>();
        for (var (i, part) = (0, 0); i < turns.Length; i++)
            if (turns[i] is { Take: >= 0 } turn)
            {
                while (parts[part].End <= Frames.Seconds(audible[i].Frame))
                    part++;
                var end = parts[part].End;                                   // a tail does not return after a silence
                if (i + MostVoices < audible.Count)
                    end = Math.Min(end, Frames.Seconds(audible[i + MostVoices].Frame));
                pieces.Add(Piece(turn.Take, audible[i], turn.Speed, Frames.Seconds(NextAfter(i)), end));
            }
        foreach (var (pin, (seconds, sound)) in pinned)
        {
            var attack = audible.Where(attack => IsPinned(attack, pin, seconds, sound)).Cast<CurveRise?>()
                .MinBy(attack => Math.Abs(Frames.Seconds(attack!.Value.Frame) - seconds));
            var gain = attack is { } met && sound is { } known ? Gain(met, known, PlaceOf(met)) : 1;
            pieces.Add(PinnedPiece.Of(pin, gain, Fade, TailFade, recordings[pin.Recording].Recording));
        }
        return pieces;
    }

    /// <summary>The attack of a pinned piece, in seconds of the sound. If it is no single take, its start.</summary>
    (double Seconds, SoundEvent? Sound) AttackOf(PieceChoice pin)
    {
        var recording = recordings[pin.Recording];
        var inside = takes.Where(take => take.Recording == pin.Recording && pin.Covers(recording.OwnSample(take.Sound.Attack))).ToList();
        return inside is [var (_, sound)]
            ? (pin.SecondsOf(recording.OwnSample(sound.Attack), recording.Recording.SampleRate), sound)
            : (pin.Position, null);
    }

    /// <summary>Whether a pinned piece sounds at an attack of the curve: a take that starts there, or any other piece over it.</summary>
    bool IsPinned(CurveRise attack, PieceChoice pin, double pinnedAttack, SoundEvent? sound) =>
        Frames.Seconds(attack.Frame) is var seconds && sound is not null
            ? Math.Abs(seconds - pinnedAttack) <= PieceChoice.Tolerance
            : seconds >= pin.Position && seconds < pin.Position + pin.Duration(recordings[pin.Recording].Recording.SampleRate);

    Turn?[] Turns(
        float[] curve, List<CurveRise> attacks, Func<CurveRise, bool> isPinned, Func<int, double> nextAfter, CancellationToken cancellation)
    {
        Turn?[] turns = [.. attacks.Select(attack => isPinned(attack) ? new Turn(-1, 0) : (Turn?)null)];
        var order = Enumerable.Range(0, attacks.Count);
        if (takes.Count != 2)
            order = order.OrderBy(i => chance.Share(PlaceOf(attacks[i]), 3)).ThenBy(i => i);
        foreach (var i in order.Where(i => turns[i] is null).ToList())
        {
            cancellation.ThrowIfCancellationRequested();
            var near = Neighbours.Select(step => i + step).Where(other => other >= 0 && other < turns.Length)
                .Select(other => turns[other]).OfType<Turn>().ToList();
            var (first, end) = ((int)attacks[i].Frame, (int)nextAfter(i));
            var take = Choose(curve.AsSpan(first..Math.Max(end, first + 1)), attacks[i], near);
            turns[i] = new(take, Speed(PlaceOf(attacks[i]), takes.Count == 1 ? near : []));
        }
        return turns;
    }

    /// <summary>The take at an attack; -1 if all are banned there.</summary>
    int Choose(ReadOnlySpan<float> curve, CurveRise attack, List<Turn> near)
    {
        var banned = options.Banned.Where(ban => IsNear(ban, attack)).ToList();
        var best = new List<(int Take, float Cost)>(MostTakes + 1);          // the cheapest first
        for (var take = 0; take < takes.Count; take++)
        {
            var cost = Cost(curve, attack, takes[take]);
            if ((best.Count == MostTakes && cost >= best[^1].Cost) || IsBanned(take, attack, banned))
                continue;
            var place = best.FindIndex(other => other.Cost > cost);
            best.Insert(place < 0 ? best.Count : place, (take, cost));
            if (best.Count > MostTakes)
                best.RemoveAt(MostTakes);
        }
        var pool = best.Where((take, rank) => rank < LeastTakes || take.Cost <= best[0].Cost + SimilarCost)
            .Select(take => take.Take).ToList();
        foreach (var turn in near)
            if (pool.Count > 1)
                pool.Remove(turn.Take);
        return pool.Count > 0 ? pool[chance.Below(pool.Count, PlaceOf(attack))] : -1;
    }

    /// <summary>Whether a banned piece sounds at an attack of the curve.</summary>
    bool IsNear(PieceChoice banned, CurveRise attack) => Frames.Seconds(attack.Frame) is var at
        && at >= banned.Position - PieceChoice.Tolerance
        && at <= banned.Position + banned.Duration(recordings[banned.Recording].Recording.SampleRate) + PieceChoice.Tolerance;

    bool IsBanned(int take, CurveRise attack, List<PieceChoice> near)
    {
        var (index, sound) = takes[take];
        var (at, rate) = (recordings[index].OwnSample(sound.Attack), recordings[index].Recording.SampleRate);
        return near.Exists(banned => banned.Recording == index && banned.Covers(at)
            && Math.Abs(banned.SecondsOf(at, rate) - Frames.Seconds(attack.Frame)) <= PieceChoice.Tolerance);
    }

    float Cost(ReadOnlySpan<float> curve, CurveRise attack, (int Recording, SoundEvent Sound) take)
    {
        var energy = recordings[take.Recording].Energy;
        var frames = Math.Min(Math.Min(ShapeFrames, curve.Length), energy.Length - take.Sound.PeakFrame);
        var sum = 0f;
        for (var i = 0; i < frames; i++)
        {
            var gap = Math.Clamp(energy[take.Sound.PeakFrame + i] - take.Sound.Peak - (curve[i] - attack.Peak), -4, 4);
            sum += gap * gap;
        }
        var level = attack.Peak - take.Sound.Peak;
        return sum / Math.Max(1, frames) + LevelCost * level * level;
    }

    /// <summary>Speed in percent. It differs from those of neighbours, if there are speeds enough.</summary>
    int Speed(long place, List<Turn> near)
    {
        var speeds = Enumerable.Range(100 - options.SpeedVariation, 2 * options.SpeedVariation + 1).ToList();
        foreach (var turn in near)
            if (speeds.Count > 1)
                speeds.Remove(turn.Speed);
        return speeds[chance.Below(speeds.Count, place, 1)];
    }

    float Gain(CurveRise attack, SoundEvent sound, long place) => (float)Math.Exp(
        Math.Clamp(attack.Peak - sound.Peak, -options.MostAttenuation, options.MostGain)
        + (2 * chance.Share(place, 2) - 1) * options.GainVariation * NepersPerDecibel);

    static long PlaceOf(CurveRise attack) => (long)Math.Round(attack.Frame);

    PlacedPiece Piece(int take, CurveRise attack, int speed, double next, double end)
    {
        var (index, sound) = takes[take];
        var recording = recordings[index];
        var rate = recording.Recording.SampleRate;
        var (first, at) = (recording.OwnSample(sound.Start), recording.OwnSample(sound.Attack));
        var untilNext = at + (long)((next - Frames.Seconds(attack.Frame)) * rate * speed / 100);
        var last = Math.Min(recording.OwnSample(sound.End), Math.Max(recording.OwnSample(sound.TailEnd), untilNext));
        var position = Frames.Seconds(attack.Frame) - (at - first) * 100.0 / ((double)rate * speed);
        if (position < 0)
        {
            first += (long)Math.Ceiling(-position * rate * speed / 100);
            position = Math.Max(0, Frames.Seconds(attack.Frame) - (at - first) * 100.0 / ((double)rate * speed));
        }
        last = Math.Min(last, first + (long)((end - position) * rate * speed / 100));
        var lasts = (last - first) * 100.0 / ((double)rate * speed);
        return new(
            index, first, last - first, position, speed, Gain(attack, sound, PlaceOf(attack)), [], Math.Min(Fade, lasts / 2),
            Math.Min(TailFade, lasts / 2))
        {
            SourceAttack = at,
        };
    }
}
