using Rewas.PromptCheck;

namespace Rewas.Evaluation.PromptChecks;

/// <summary>One checked pair.</summary>
public sealed record CheckedPair(string Video, bool KnownKind, PairKind Kind, string Prompt, double Score, Verdict Verdict, bool Abstained);

/// <param name="Auroc">Area under the ROC curve of the score, wrong prompts against consistent ones, without off-screen prompts.</param>
/// <param name="FalseAlarms">Share of the consistent prompts with the verdict "conflict".</param>
/// <param name="Abstained">Share of all prompts whose sources could not be compared with the picture.</param>
public sealed record ConflictFigures(int Pairs, double Auroc, double FalseAlarms, double Abstained, IReadOnlyList<VerdictCounts> Kinds)
{
    public static ConflictFigures Of(IReadOnlyList<CheckedPair> pairs)
    {
        CheckedPair[] consistent = [.. pairs.Where(p => p.Kind == PairKind.Consistent)];
        CheckedPair[] wrong = [.. pairs.Where(p => p.Kind is not (PairKind.Consistent or PairKind.OffScreen))];
        return new(
            pairs.Count,
            AreaUnderRoc(wrong, consistent),
            consistent.Length == 0 ? double.NaN : (double)consistent.Count(p => p.Verdict == Verdict.Conflict) / consistent.Length,
            pairs.Count == 0 ? double.NaN : (double)pairs.Count(p => p.Abstained) / pairs.Count,
            [.. pairs.GroupBy(p => p.Kind).OrderBy(g => g.Key).Select(g => new VerdictCounts(
                g.Key, g.Count(p => p.Verdict == Verdict.Consistent), g.Count(p => p.Verdict == Verdict.Uncertain),
                g.Count(p => p.Verdict == Verdict.Conflict), g.Count(p => p.Abstained),
                g.Key is PairKind.Consistent or PairKind.OffScreen ? double.NaN : AreaUnderRoc([.. g], consistent)))]);
    }

    /// <summary>P(score of a wrong prompt &gt; score of a right one), with ties counted half (Mann and Whitney).</summary>
    static double AreaUnderRoc(CheckedPair[] wrong, CheckedPair[] right)
    {
        if (wrong.Length == 0 || right.Length == 0)
            return double.NaN;
        var above = 0.0;
        foreach (var w in wrong)
            foreach (var r in right)
                above += w.Score > r.Score ? 1 : w.Score == r.Score ? 0.5 : 0;
        return above / wrong.Length / right.Length;
    }
}

public sealed record VerdictCounts(PairKind Kind, int Consistent, int Uncertain, int Conflict, int Abstained, double Auroc);
