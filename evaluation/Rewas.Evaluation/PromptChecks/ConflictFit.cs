using Rewas.PromptCheck;

namespace Rewas.Evaluation.PromptChecks;

/// <summary>
/// Fits the conflict check. :: Step 1: fit the concept head on the scenes for fitting. :: Step 2: calibrate it on other scenes. :: Step 3:
/// fit energy shapes by label and kind, and the meaning of words about time. :: Step 4: weigh the evidence and set the thresholds with
/// prompts for the calibration scenes.
/// </summary>
public static class ConflictFit
{
    /// <summary>
    /// Tolerated shares of consistent calibration prompts with the verdict "conflict", and with any verdict but "consistent".
    /// </summary>
    const double FalseConflicts = 0.02, FalseDoubts = 0.15;

    /// <summary>
    /// Tolerated share of known scenes that count as unfamiliar. Unknown pictures are only slightly farther away, and blocking them is
    /// worse than abstaining.
    /// </summary>
    const double FalseAbstentions = 0.05;

    /// <summary>
    /// Weight of the mean shape of all sounds in each source's shape, in clips. A few recordings say little about the spread.
    /// </summary>
    const double PriorClips = 4;

    /// <param name="fit">Scenes of the kinds that the encoder was trained on.</param>
    /// <param name="recordings">Label and energy, smoothed like a prediction.</param>
    /// <param name="identity">Bundle, its hash, and the command.</param>
    public static ConflictStatistics Fit(
        IReadOnlyList<WatchedScene> fit, IReadOnlyList<WatchedScene> calibration,
        IReadOnlyList<(string Label, float[] Energy)> recordings, (string Bundle, string Sha256, string Command) identity)
    {
        // :: Step 1
        var head = LinearDiscriminant.Fit([.. fit.Select(scene => (scene.Kind, scene.Seen.Features))]);
        var statistics = new ConflictStatistics(
            identity.Bundle, identity.Sha256, identity.Command, head, new Dictionary<string, ShapeStatistics>(),
            new Dictionary<string, Logistic>(), Flat(2), Flat(1), 1, 1);

        // :: Step 2
        double[] distances =
            [.. calibration.Select(scene => ConceptHead.Distance(Standard(scene.Seen.Features, head), head.Means)).Order()];
        head = head with { LargestDistance = distances[(int)((1 - FalseAbstentions) * (distances.Length - 1))] };
        head = head with
        {
            Sharpness = Enumerable.Range(0, 30).Select(i => 0.02 * Math.Pow(1.2, i)).MaxBy(sharpness =>
                LogLikelihood(statistics with { Head = head with { Sharpness = sharpness } }, calibration)),
        };

        // :: Step 3
        statistics = statistics with { Head = head, Shapes = Shapes(fit, recordings), Courses = Courses(fit, recordings) };

        // :: Step 4
        statistics = statistics with
        {
            Source = SourceWeights(statistics, calibration),
            CourseConflict = CourseWeights(statistics, calibration),
        };
        double[] consistent =
        [
            .. calibration.SelectMany(scene => ConflictPairs.Of(scene).Where(pair => pair.Kind == PairKind.Consistent)
                .Select(pair => new ConflictCheck(statistics).Check(scene.Seen, pair.Prompt).Score)).Order(),
        ];
        return statistics with { UncertainFrom = At(1 - FalseDoubts, 0.4), ConflictFrom = At(1 - FalseConflicts, 0.6) };

        double At(double part, double least) =>
            Math.Round(Math.Max(least, consistent[(int)Math.Ceiling(part * (consistent.Length - 1))] + 1e-3), 4);
    }

    static double LogLikelihood(ConflictStatistics statistics, IReadOnlyList<WatchedScene> scenes)
    {
        var head = new ConceptHead(statistics);
        return scenes.Average(scene => Math.Log(Math.Max(
            1e-6, head.See(scene.Seen).Probabilities.First(kind => kind.Kind == scene.Kind).Probability)));
    }

    static Dictionary<string, ShapeStatistics> Shapes(
        IReadOnlyList<WatchedScene> scenes, IReadOnlyList<(string Label, float[] Energy)> recordings)
    {
        var byLabel = recordings.ToLookup(r => r.Label, r => EnergyShape.Of(r.Energy));
        var byKind = scenes.ToLookup(scene => scene.Kind, scene => EnergyShape.Of(scene.Seen.Energy.Values));
        var all = Of([.. byLabel.SelectMany(shapes => shapes), .. byKind.SelectMany(shapes => shapes)], prior: null);
        var shapes = new Dictionary<string, ShapeStatistics> { [""] = all };
        foreach (var concept in Concepts.All)
        {
            float[][] own = [.. concept.Labels.SelectMany(label => byLabel[label]), .. concept.Kinds.SelectMany(kind => byKind[kind])];
            if (own.Length > 0)
                shapes[concept.Name] = Of(own, all);
        }
        return shapes;
    }

    static ShapeStatistics Of(float[][] shapes, ShapeStatistics? prior)
    {
        var weight = prior is null ? 0 : PriorClips;
        float[] mean =
        [
            .. EnergyShape.Names.Select((_, i) =>
                (float)((shapes.Sum(s => s[i]) + weight * (prior?.Mean[i] ?? 0)) / (shapes.Length + weight))),
        ];
        float[] deviation = [.. EnergyShape.Names.Select((_, i) => MathF.Max(0.02f, (float)Math.Sqrt(
            (shapes.Sum(s => Math.Pow(s[i] - mean[i], 2)) + weight * (prior is null ? 0 : Math.Pow(prior.Deviation[i], 2)))
                / (shapes.Length + weight))))];
        return new(mean, deviation, shapes.Length);
    }

    /// <summary>Uses the true energy of recordings, and the predicted energy of scenes with the truth from the scene's own sound.</summary>
    static Dictionary<string, Logistic> Courses(
        IReadOnlyList<WatchedScene> scenes, IReadOnlyList<(string Label, float[] Energy)> recordings)
    {
        var examples = scenes
            .SelectMany(scene => scene.Courses.Select(course =>
                (course.Course, Shape: EnergyShape.Of(scene.Seen.Energy.Values), course.True)))
            .Concat(recordings.SelectMany(r => TrueCourses.Of(r.Energy).Select(course =>
                (course.Course, Shape: EnergyShape.Of(r.Energy), course.True))))
            .ToLookup(example => example.Course);
        return examples.ToDictionary(
            course => course.Key.ToString(),
            course => LogisticFit.Fit([.. course.Select(example => (example.Shape, example.True))]));
    }

    static Logistic SourceWeights(ConflictStatistics statistics, IReadOnlyList<WatchedScene> scenes)
    {
        var (head, dynamics) = (new ConceptHead(statistics), new DynamicDetector(statistics));
        return LogisticFit.Fit(
            [.. from scene in scenes
                let seen = head.See(scene.Seen)
                let shape = EnergyShape.Of(scene.Seen.Energy.Values)
                from pair in ConflictPairs.Of(scene)
                where pair.Kind == PairKind.SemanticallyWrong || (pair.Kind == PairKind.Consistent && pair.Course is null)
                from source in PromptReading.Of(pair.Prompt).Sources
                select (ConflictCheck.SourceEvidence(source, seen, dynamics, shape), pair.Wrong)],
            rising: true);
    }

    static Logistic CourseWeights(ConflictStatistics statistics, IReadOnlyList<WatchedScene> scenes)
    {
        var dynamics = new DynamicDetector(statistics);
        return LogisticFit.Fit(
            [.. from scene in scenes
                let shape = EnergyShape.Of(scene.Seen.Energy.Values)
                from course in scene.Courses
                select (new[] { (float)dynamics.Against(course.Course, shape, scene.Seen.Energy.Values) }, !course.True)],
            rising: true);
    }

    static float[] Standard(float[] features, HeadStatistics head) =>
        [.. features.Select((value, i) => (value - head.Centre[i]) / head.Scale[i])];

    static Logistic Flat(int width) => new(new float[width], [.. Enumerable.Repeat(1f, width)], new float[width], 0);
}
