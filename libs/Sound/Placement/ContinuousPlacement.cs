namespace Rewas.Sound.Placement;

/// <summary>
/// Places continuous sounds, cut into runs that follow the curve. A run changes to the next in a crossfade, or right before an attack of
/// the curve.
/// </summary>
sealed class ContinuousPlacement(IReadOnlyList<RecordingAnalysis> recordings, PlacementOptions options)
{
    const double LongFade = 0.16, ShortFade = 0.008;                         // seconds
    const double NearAttack = 4;                                             // largest shift of a run that aligns attacks, frames
    const double BeforeAttack = 0.002;                                       // seconds

    /// <summary>A run of units that are adjacent both in a recording and in the sound.</summary>
    readonly record struct Run(int Recording, int SourceFrame, int Frame, int EndFrame);

    /// <param name="curve">Energy, possibly with silent frames.</param>
    public List<PlacedPiece> Place(ReadOnlySpan<float> curve, CancellationToken cancellation)
    {
        var steps = Math.Max(1, (curve.Length - UnitGrid.Length + UnitGrid.Step - 1) / UnitGrid.Step + 1);
        var padded = new float[(steps - 1) * UnitGrid.Step + UnitGrid.Length];
        curve.CopyTo(padded);
        padded.AsSpan(curve.Length).Fill(curve[^1]);

        var units = new UnitGrid(recordings);
        var runs = Runs(units, new UnitPath(units, padded, options.Seed, Banned()).Find(steps, cancellation));
        var attacks = CurveRise.Find(curve);
        var pieces = new List<PlacedPiece>();
        var starts = new double[runs.Count + 1]; // seconds at which each run becomes audible, including its fade
        var fades = new double[runs.Count + 1];                              // length of each run's fade-in
        for (var i = 0; i < runs.Count; i++)
            (starts[i], fades[i]) = i == 0 ? (0, ShortFade) : Beginning(runs[i], attacks);
        var end = Frames.Seconds(curve.Length);
        (starts[^1], fades[^1]) = (end, 0);
        for (var i = 0; i < runs.Count; i++)
        {
            var until = i + 1 < runs.Count ? starts[i + 1] + fades[i + 1] : end;
            var fadeOut = i + 1 < runs.Count ? fades[i + 1] : ShortFade;
            if (Piece(runs[i], starts[i], Math.Min(until, end), fades[i], fadeOut, attacks) is { } piece)
                pieces.Add(piece);
        }
        var sources = recordings.Select(recording => recording.Recording).ToList();
        return options.Pinned.Aggregate(pieces, (placed, pin) => PinnedPiece.Insert(placed, pin, LongFade, sources));
    }

    /// <summary>The banned pieces in frames of recording and sound.</summary>
    List<BannedUnits> Banned() => [.. options.Banned.Select(banned =>
    {
        double rate = recordings[banned.Recording].Recording.SampleRate;
        var (start, length) = (banned.SourceStart / rate, banned.SourceLength / rate);
        return new BannedUnits(
            banned.Recording, start * Frames.PerSecond, (start + length) * Frames.PerSecond,
            banned.Position * Frames.PerSecond, (banned.Position + banned.Duration((int)rate)) * Frames.PerSecond);
    })];

    static List<Run> Runs(UnitGrid units, int[] path)
    {
        var runs = new List<Run>();
        for (var (first, step) = (0, 1); step <= path.Length; step++)
        {
            if (step < path.Length && units.Neighbour(path[step - 1], UnitGrid.Step) == path[step])
                continue;
            runs.Add(new(
                units.Recording[path[first]], units.Start[path[first]],
                first * UnitGrid.Step, (step - 1) * UnitGrid.Step + UnitGrid.Length));
            first = step;
        }
        return runs;
    }

    /// <summary>Start and length of a run's fade-in. An attack of the curve inside the crossfade is not faded.</summary>
    static (double Start, double Fade) Beginning(Run run, List<CurveRise> attacks)
    {
        var (start, end) = (Frames.Seconds(run.Frame), Frames.Seconds(run.Frame) + LongFade);
        foreach (var attack in attacks)
            if (Frames.Seconds(attack.Frame) is var at && at > start && at < end + BeforeAttack)
                return (Math.Max(0, at - BeforeAttack - ShortFade), ShortFade);
        return (start, LongFade);
    }

    PlacedPiece? Piece(Run run, double start, double end, double fadeIn, double fadeOut, List<CurveRise> attacks)
    {
        var recording = recordings[run.Recording];
        var shift = Frames.Seconds(run.SourceFrame - run.Frame);             // from sound time to recording time, seconds
        long? sourceAttack = null;
        foreach (var attack in attacks)
        {
            var at = Frames.Seconds(attack.Frame);
            if (at < start + fadeIn || at >= end - fadeOut)
                continue;
            if (recording.NearestAttack(at + shift, Frames.Seconds(NearAttack)) is not { } sample)
                continue;
            shift = (double)sample / Rewas.Clip.ClipTiming.SampleRate - at;
            sourceAttack = recording.OwnSample(sample);
            break;                                                           // only the first is aligned, to keep the recording's rhythm
        }
        if (start + shift < 0)
            start = -shift;
        var first = recording.OwnSample((start + shift) * Rewas.Clip.ClipTiming.SampleRate);
        var last = recording.OwnSample((end + shift) * Rewas.Clip.ClipTiming.SampleRate);
        if (last <= first)
            return null;
        var lasts = (double)(last - first) / recording.Recording.SampleRate;
        return new(run.Recording, first, last - first, start, 100, 1, [], Math.Min(fadeIn, lasts / 2), Math.Min(fadeOut, lasts / 2))
        {
            SourceAttack = sourceAttack,
        };
    }
}
