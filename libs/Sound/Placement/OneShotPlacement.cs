namespace Rewas.Sound.Placement;

/// <summary>
/// Places one-shots: one sound per attack of the curve, with its whole tail. Takes that fit similarly well alternate, with small variations
/// of level and speed.
/// </summary>
sealed class OneShotPlacement(IReadOnlyList<RecordingAnalysis> recordings, PlacementOptions options)
{
    const int MostTakes = 6;                                                 // takes that may alternate
    const float SimilarCost = 1; // margin above the best take's cost within which takes alternate
    const float LevelCost = 0.15f;
    const int ShapeFrames = 40; // frames of the curve after an attack that takes are compared with
    const float LeastLevel = 1.5f;                                           // nepers above silence
    const double Fade = 0.002, TailFade = 0.02;                              // seconds
    const int Unused = 2;                                                    // number of recently used takes to avoid
    const double NepersPerDecibel = 0.11512925464970229;                     // ln(10) / 20

    readonly SeededChoice chance = new(options.Seed, purpose: 0x6F6E6573);
    readonly List<(int Recording, SoundEvent Sound)> takes =
        [.. recordings.SelectMany((recording, i) => recording.IsOneShots ? recording.Events.Select(sound => (i, sound)) : [])];

    public bool HasTakes => takes.Count > 0;

    public List<PlacedPiece> Place(float[] curve, List<CurveRise> attacks)
    {
        var pieces = new List<PlacedPiece>();
        var used = new List<int>();
        var lastSpeed = 0;
        var parts = AudibleParts.Of(curve);
        for (var i = 0; i < attacks.Count; i++)
        {
            var attack = attacks[i];
            if (attack.Peak < Rewas.Sound.Mel.SilenceFloor.LogMel + LeastLevel)
                continue;
            var next = i + 1 < attacks.Count ? (int)attacks[i + 1].Frame : curve.Length;
            var place = (long)Math.Round(attack.Frame);
            var take = Choose(curve.AsSpan((int)attack.Frame..Math.Max(next, (int)attack.Frame + 1)), attack, used, place);
            used.Add(take);
            lastSpeed = Speed(place, takes.Count == 1 ? lastSpeed : 0);
            var end = parts.First(part => part.End > Frames.Seconds(attack.Frame)).End;    // a tail does not return after a silence
            pieces.Add(Piece(take, attack, place, lastSpeed, Frames.Seconds(next), end));
        }
        return pieces;
    }

    int Choose(ReadOnlySpan<float> curve, CurveRise attack, List<int> used, long place)
    {
        var costs = new float[takes.Count];
        for (var take = 0; take < costs.Length; take++)
            costs[take] = Cost(curve, attack, takes[take]);
        var order = Enumerable.Range(0, takes.Count).OrderBy(take => costs[take]).ThenBy(take => take).ToArray();
        var pool = order.Take(MostTakes).Where((take, rank) => rank < 2 || costs[take] <= costs[order[0]] + SimilarCost).ToList();
        foreach (var recent in used.TakeLast(Math.Min(Unused, pool.Count - 1)))
            pool.Remove(recent);
        return pool[chance.Below(pool.Count, place)];
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

    /// <summary>Speed in percent. It differs from the last one if there is only one take.</summary>
    int Speed(long place, int last)
    {
        var speed = 100 - options.SpeedVariation + chance.Below(2 * options.SpeedVariation + 1, place, 1);
        return speed != last || options.SpeedVariation == 0 ? speed : speed == 100 + options.SpeedVariation ? speed - 1 : speed + 1;
    }

    PlacedPiece Piece(int take, CurveRise attack, long place, int speed, double next, double end)
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
        var level = Math.Clamp(attack.Peak - sound.Peak, -options.MostAttenuation, options.MostGain)
            + (2 * chance.Share(place, 2) - 1) * options.GainVariation * NepersPerDecibel;
        var lasts = (last - first) * 100.0 / ((double)rate * speed);
        return new(
            index, first, last - first, position, speed, (float)Math.Exp(level), [], Math.Min(Fade, lasts / 2),
            Math.Min(TailFade, lasts / 2))
        {
            SourceAttack = at,
        };
    }
}
