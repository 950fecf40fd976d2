using Rewas.Evaluation.Features;
using Rewas.Evaluation.Metrics;
using Rewas.Evaluation.Statistics;

namespace Rewas.Evaluation.Figures;

/// <summary>A figure of a set of clips.</summary>
/// <param name="Network">The network that it is based on, or null.</param>
/// <param name="Unit">Unit or range.</param>
/// <param name="Interval">95% confidence interval. Null if a bootstrap is meaningless or too slow.</param>
public sealed record Figure(string Name, string? Network, string Unit, Better Better, double Value, Interval? Interval, int Clips);

/// <summary>Computes all figures of a system that made clips.</summary>
public static class SystemFigures
{
    /// <summary>Most clips of a Frechet distance with a bootstrap. Each resample costs as much as the figure.</summary>
    const int MostClipsToDraw = 300;
    const int FrechetResamples = 200;

    /// <summary>Least number of clips per split of the published inception score.</summary>
    const int ClipsPerSplit = 100, PublishedSplits = 10;

    /// <param name="reference">Features of the true sounds by network. Null: those of the clips.</param>
    public static IReadOnlyList<Figure> Of(
        IReadOnlyList<ClipMeasures> clips, IReadOnlyDictionary<string, IReadOnlyList<SoundFeatures>>? reference = null)
    {
        var figures = new List<Figure>();
        foreach (var network in clips.SelectMany(clip => clip.Generated.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            var generated = clips.Select(clip => clip.Generated[network]).ToList();
            var paired = clips.Where(clip => clip.Real.ContainsKey(network)).ToList();
            var real = reference?.GetValueOrDefault(network) ?? [.. paired.Select(clip => clip.Real[network])];
            if (real.Count > 1 && generated.Count > 1)
                figures.Add(Frechet(network, real, generated, arePairs: reference is null && paired.Count == clips.Count));
            figures.Add(Inception(network, generated));
            if (paired.Count > 0)
                figures.AddRange([Divergence(network, paired), Agreement(network, paired)]);
        }
        foreach (var encoders in clips.SelectMany(clip => clip.Fit.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            var fit = clips.Where(clip => clip.Fit.ContainsKey(encoders)).Select(clip => clip.Fit[encoders]).ToList();
            figures.Add(new("text-sound similarity", encoders, "cosine", Better.Higher, fit.Average(), Bootstrap.OfMean(fit), fit.Count));
        }
        foreach (var figure in ClipFigure.All)
        {
            var values = clips.Where(clip => clip.Values.ContainsKey(figure.Name)).Select(clip => clip.Values[figure.Name]).ToList();
            if (values.Count > 0)
                figures.Add(new(figure.Name, null, figure.Unit, figure.Better, values.Average(), Bootstrap.OfMean(values), values.Count));
        }
        return figures;
    }

    static Figure Frechet(string network, IReadOnlyList<SoundFeatures> real, List<SoundFeatures> generated, bool arePairs)
    {
        var (first, second) = (Embeddings(real), Embeddings(generated));
        Interval? interval = Math.Max(first.Count, second.Count) > MostClipsToDraw ? null : arePairs
            ? Bootstrap.Of(second.Count, order => FrechetDistance.Between(first.Take(order), second.Take(order)), FrechetResamples)
            : Bootstrap.OfTwo(
                first.Count, second.Count, (one, other) => FrechetDistance.Between(first.Take(one), second.Take(other)), FrechetResamples);
        return new(
            "Frechet distance", network, "squared embedding", Better.Lower, FrechetDistance.Between(first, second), interval, second.Count);
    }

    static Figure Inception(string network, List<SoundFeatures> generated)
    {
        var probabilities = Probabilities(generated);
        var splits = Math.Clamp(generated.Count / ClipsPerSplit, 1, PublishedSplits);
        return new(
            splits == 1 ? "inception score" : $"inception score, {splits} splits", network, $"1 to {probabilities.Width}", Better.Higher,
            ClassDistributions.InceptionScore(Shuffled(probabilities), splits),
            Bootstrap.Of(probabilities.Count, order => ClassDistributions.InceptionScore(probabilities.Take(order), splits)),
            probabilities.Count);
    }

    static Figure Divergence(string network, List<ClipMeasures> paired)
    {
        var divergences = ClassDistributions.Divergences(
            Probabilities(paired.Select(clip => clip.Real[network])), Probabilities(paired.Select(clip => clip.Generated[network])),
            ClassDistributions.PublishedEpsilon);
        for (var i = 0; i < divergences.Length; i++)
            divergences[i] = Math.Max(0, divergences[i]);                    // the published epsilon makes equal ones slightly negative
        return new("mean KL", network, "nats", Better.Lower, divergences.Average(), Bootstrap.OfMean(divergences), divergences.Length);
    }

    /// <summary>Share of sounds whose most likely class is that of the true sound.</summary>
    static Figure Agreement(string network, List<ClipMeasures> paired)
    {
        var same = paired.Select(clip => Likeliest(clip.Generated[network]) == Likeliest(clip.Real[network]) ? 1.0 : 0).ToList();
        return new("label agreement", network, "0 to 1", Better.Higher, same.Average(), Bootstrap.OfMean(same), same.Count);

        static int Likeliest(SoundFeatures features) => Array.IndexOf(features.Probabilities, features.Probabilities.Max());
    }

    /// <summary>Shuffles rows independently of names, so that every split holds all classes.</summary>
    static Rows Shuffled(Rows rows)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        var random = new SplitMix(seed: 1);
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return rows.Take(order);
    }

    static Rows Embeddings(IEnumerable<SoundFeatures> features) => new([.. features.Select(f => f.Embedding)]);

    static Rows Probabilities(IEnumerable<SoundFeatures> features) => new([.. features.Select(f => f.Probabilities)]);
}
