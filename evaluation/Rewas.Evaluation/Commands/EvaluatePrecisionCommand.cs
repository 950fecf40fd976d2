using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.AudioDiffusion;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Clip.Names;
using Rewas.Evaluation.Precision;
using Rewas.Evaluation.Scenes;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate precision</c>: the guard before a bundle is served in int8.</summary>
static class EvaluatePrecisionCommand
{
    /// <summary>Scenes whose curves are compared. Few are needed, because each gives 512 values.</summary>
    const int Watched = 8;

    static readonly Option<string?> Clips = NumberOption.Create("--clips", "N", "sounds of each kind, 2 to 1000 [default: 96]");

    public static Command Create()
    {
        var command = new Command("precision", """
            Whether a bundle may be computed in int8. The same scenes are watched in f32 and in int8, and their energy curves compared.
            The same requests are sampled in both: held-out scenes by their captions (correlation with the energy asked for, distance
            to the texture of the true sound) and, if the bundle has a classifier, its labels as prompts (how many it takes for what
            was asked). Exits with 1 if a curve correlates by less than 0.999, or if the sound loses more than 2%.
            """)
        {
            Clips, SharedOptions.Bundle, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var clips = (int)(arguments.WholeNumber(Clips, 2, 1000) ?? 96);
            var bundle = Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle));
            var scenes = Enumerable.Range(0, clips).Select(TrueSound.Of).ToList();
            var float32 = await SampleAsync(bundle, PrecisionNames.Float32, scenes, cancel);
            var int8 = await SampleAsync(bundle, PrecisionNames.Int8, scenes, cancel);
            var curves = await CompareCurvesAsync(bundle, Math.Min(clips, Watched), cancel);
            string[] losses = [.. curves.Losses, .. int8.Figures.LossesAgainst(float32.Figures)];
            Tell(
                arguments.GetValue(SharedOptions.Json),
                bundle,
                clips,
                curves,
                float32.Figures,
                int8.Figures,
                float32.Mels.Zip(int8.Mels, (a, b) => Correlation.MeanAbsoluteError(a, b)).Average(),
                losses);
            return losses.Length == 0 ? 0 : ExitCodes.Failed;
        }));
        return command;
    }

    static async Task<CurveAgreement> CompareCurvesAsync(Bundle bundle, int scenes, CancellationToken cancel)
    {
        var (float32, int8) = (await WatchAsync(PrecisionNames.Float32), await WatchAsync(PrecisionNames.Int8));
        return CurveAgreement.Of([.. float32.Zip(int8)]);

        async Task<List<float[]>> WatchAsync(string precision)
        {
            using var watcher = new SceneWatcher(bundle, precision);
            var curves = new List<float[]>();
            for (var i = 0; i < scenes; i++)
            {
                var watched = await watcher.WatchAsync(
                    SceneCatalog.Kinds[i % SceneCatalog.Kinds.Count], EvaluateCommand.FirstSeed + (ulong)i, cancel);
                curves.Add(watched.Seen.Energy.Values.ToArray());
            }
            return curves;
        }
    }

    static async Task<(PrecisionFigures Figures, IReadOnlyList<float[]> Mels)> SampleAsync(
        Bundle bundle, string precision, List<TrueSound> scenes, CancellationToken cancel)
    {
        using var judge = LabelJudge.Of(bundle);
        using var engine = new LocalSampling(bundle, new(), new() { Precision = precision, QueueCapacity = 1000 });
        var described = await SampleAllAsync(scenes.Select(scene => scene.Caption));
        var labelled = judge is null ? [] : await SampleAllAsync(scenes.Select((_, i) => judge.Prompt(i)));
        return (
            new(
                described.Zip(
                    scenes,
                    (mel, scene) =>
                        Correlation.Pearson(Energy.Control(Energy.OfLogMel(mel), bundle.Manifest.Timing), scene.Energy(bundle))).Average(),
                judge?.Accuracy(labelled),
                described.Zip(
                    scenes,
                    (mel, scene) =>
                        SpectralTexture.Distance(SpectralTexture.OfLogMel(mel), SpectralTexture.OfLogMel(scene.LogMel))).Average()),
            [.. described, .. labelled]);

        Task<float[][]> SampleAllAsync(IEnumerable<string> prompts) => Task.WhenAll(prompts.Select((prompt, i) => Task.Run(
            () => engine.MelAsync(engine.Request(prompt, (uint)i), new(scenes[i].Energy(bundle))).WaitAsync(cancel), cancel)));
    }

    static void Tell(
        bool json,
        Bundle bundle,
        int clips,
        CurveAgreement curves,
        PrecisionFigures float32,
        PrecisionFigures int8,
        double melDifference,
        IReadOnlyList<string> losses)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new { bundle = bundle.Manifest.Name, bundleSha256 = bundle.Sha256, clips, curves, float32, int8, melDifference, losses },
                JsonSerializerOptions.Web));
            return;
        }
        Console.WriteLine("| | f32 | int8 |\n|---|---|---|");
        foreach (var (name, figure) in ((string, Func<PrecisionFigures, double?>)[])
            [
                ("energy correlation", f => f.EnergyCorrelation),
                ("label accuracy", f => f.LabelAccuracy),
                ("texture distance", f => f.TextureDistance),
            ])
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {figure(float32):F4} | {figure(int8):F4} |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"energy curves of {Math.Min(clips, Watched)} scenes, int8 against f32: correlation {curves.Least:F4} at least, "
            + $"{curves.Mean:F4} on average"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{clips} sounds by caption and {clips} by label; log mels differ by {melDifference:F3} on average; bundle "
            + $"{bundle.Manifest.Name}, bundle.json sha256 {bundle.Sha256}"));
        Console.WriteLine(losses.Count == 0 ? $"int8 is within {PrecisionFigures.Tolerance:P0} of f32" : string.Join("; ", losses));
    }

    /// <summary>A held-out scene as it sounds.</summary>
    /// <param name="Caption">Its prompt.</param>
    /// <param name="LogMel">[512, 64].</param>
    sealed record TrueSound(string Caption, float[] LogMel)
    {
        const ulong FirstSeed = EvaluateCommand.FirstSeed + 5000;

        public static TrueSound Of(int number)
        {
            var scene = SceneCatalog.Create(SceneCatalog.Kinds[number % SceneCatalog.Kinds.Count], FirstSeed + (ulong)number);
            var wave = scene.RenderWave();
            Loudness.NormaliseForTraining(wave);
            return new(scene.Caption, MelSpectrogram.LogMel(wave));
        }

        /// <summary>[512].</summary>
        public float[] Energy(Bundle bundle) => Rewas.Sound.Energy.Control(Rewas.Sound.Energy.OfLogMel(LogMel), bundle.Manifest.Timing);
    }
}
