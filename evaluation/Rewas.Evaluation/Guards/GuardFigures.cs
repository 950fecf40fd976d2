using Rewas.Evaluation.Statistics;
using Rewas.Rendering.Guards;

namespace Rewas.Evaluation.Guards;

/// <summary>A measured share, with its 95% interval.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Clips">Number of clips.</param>
/// <param name="Share">0 to 1.</param>
/// <param name="Interval">By resampling the clips.</param>
/// <param name="Wrong">The clips with a wrong answer, in words: what lies in each and what was heard.</param>
public sealed record GuardFigure(string Name, int Clips, double Share, Interval Interval, IReadOnlyList<string> Wrong);

/// <summary>Measures a guard on voices, music and recordings that no training had.</summary>
/// <param name="guard">The guard, as the platform uses it.</param>
/// <param name="heldOut">Mixes sounds of the held-out side.</param>
public sealed class GuardFigures(SoundGuard guard, GuardMixer heldOut)
{
    /// <summary>Levels of voices and music under Foley, dB; null for alone.</summary>
    static readonly double?[] Levels = [null, 0, -6, -12, -18];

    /// <summary>Share of some sounds in which something is heard that is not there.</summary>
    public GuardFigure FalseAlarms(string name, IEnumerable<GuardClip> clips, CancellationToken cancellation) =>
        Figure(name, clips, HeardKinds.All, isRight: false, cancellation);

    /// <summary>Recall of voices and of music, alone and under Foley.</summary>
    /// <param name="clips">Clips of each figure.</param>
    public IEnumerable<GuardFigure> Recalls(int clips, CancellationToken cancellation)
    {
        foreach (var level in Levels)
        {
            var where = level is null ? "alone" : FormattableString.Invariant($"at {level} dB under Foley");
            yield return Recall($"speech {where}", speech: true, singing: false, music: false);
            yield return Recall($"singing {where}", speech: false, singing: true, music: false);
            yield return Recall($"music {where}", speech: false, singing: false, music: true);

            GuardFigure Recall(string name, bool speech, bool singing, bool music) => Figure(
                name,
                Enumerable.Range(0, clips).Select(i => heldOut.Mix((ulong)i, speech, singing, music, level)),
                music ? [HeardKinds.Music] : [HeardKinds.Speech, HeardKinds.Singing], isRight: true, cancellation);
        }
    }

    /// <param name="isRight">Whether one of the kinds should be heard.</param>
    GuardFigure Figure(
        string name, IEnumerable<GuardClip> clips, IReadOnlyCollection<string> kinds, bool isRight, CancellationToken cancellation)
    {
        var (values, wrong) = (new List<double>(), new List<string>());
        foreach (var (number, clip) in clips.Index())
        {
            var report = guard.Hear(clip.Wave, cancellation);
            var isHeard = report.Has(kinds);
            values.Add(isHeard ? 1 : 0);
            if (isHeard != isRight)
                wrong.Add($"clip {number}, {(clip.Foley.Count > 0 ? string.Join(" and ", clip.Foley) : "no Foley")}: "
                    + (isHeard ? $"{report.Describe(kinds)} is heard" : "nothing is heard"));
        }
        return new(name, values.Count, values.Average(), Bootstrap.OfMean([.. values]), wrong);
    }
}
