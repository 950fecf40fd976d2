using Rewas.Bundles;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip.Files;
using Rewas.Evaluation.Features;
using Rewas.Evaluation.PromptChecks;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Sounds;
using Rewas.Networks.Onnx;
using Rewas.PromptCheck;
using Rewas.Sound;
using Rewas.Sound.Levels;

namespace Rewas.Evaluation.Commands;

/// <summary>
/// Is the check worth its while? For prompts that contradict the picture and that the check suggests another for: sound made from the
/// prompt as it is, and from the first suggestion, each against the scene's true sound.
/// </summary>
/// <param name="Prompts">How many.</param>
/// <param name="IgnoredEnergyError">Mean absolute error of the energy, nepers, with the prompt as it is.</param>
/// <param name="FollowedEnergyError">With the suggestion.</param>
/// <param name="IgnoredLabels">Part of the sounds that the bundle's classifier labels as it does the true sound, with the prompt as it
/// is.</param>
/// <param name="FollowedLabels">With the suggestion.</param>
sealed record ConflictClaim(int Prompts, double IgnoredEnergyError, double FollowedEnergyError, double IgnoredLabels, double FollowedLabels)
{
    /// <exception cref="Rewas.Clip.Faults.InputFault">The bundle has no network that labels sounds.</exception>
    public static async Task<ConflictClaim> MeasureAsync(
        Bundle bundle, ConflictCheck check, IReadOnlyList<WatchedScene> scenes, int most, CancellationToken cancel)
    {
        using var networks = new LoadedNetworks(FeatureNetworks.Require(bundle, new OnnxOptions()), []);
        var labels = networks.All.OfType<SoundClassifierFeatures>().First();
        await using var stages = await Stages.ConnectAsync(gateway: null, bundle.Directory, cancel);
        var folder = PrivateFolder.Create("rewas-claim-");
        var rows = new List<(double Ignored, double Followed, bool IgnoredLabel, bool FollowedLabel)>();
        try
        {
            foreach (var scene in scenes)
            {
                var wrong = ConflictPairs.Of(scene).First(pair => pair.Kind == PairKind.SemanticallyWrong).Prompt;
                if (rows.Count == most || check.Check(scene.Seen, wrong) is not { Blocks: true, Suggestions: [var suggestion, ..] })
                    continue;
                var video = Path.Combine(folder.Path, $"{scene.Kind}{scene.Seed}.mp4");
                await SceneFiles.WriteAsync(
                    scene.Kind, scene.Seed, video, 256, 256, SceneCatalog.SecondsPerClip, withSound: false, cancellationToken: cancel);
                var truth = SceneCatalog.Create(scene.Kind, scene.Seed).RenderWave();
                Loudness.NormaliseForTraining(truth);
                var (ignored, followed) = (
                    await MakeAsync(stages.Client, video, wrong, cancel), await MakeAsync(stages.Client, video, suggestion, cancel));
                var (energy, label) = (EvaluateCommand.EnergyOf(truth), Label(labels, truth));
                rows.Add(
                    (Error(energy, ignored), Error(energy, followed), Label(labels, ignored) == label, Label(labels, followed) == label));
                Console.Error.WriteLine($"{rows.Count}/{most} {scene.Kind}: \"{wrong}\" or \"{suggestion}\"");
            }
        }
        finally
        {
            folder.Dispose();
        }
        return rows.Count == 0 ? new(0, double.NaN, double.NaN, double.NaN, double.NaN)
            : new(
                rows.Count,
                rows.Average(r => r.Ignored),
                rows.Average(r => r.Followed),
                rows.Average(r => r.IgnoredLabel ? 1.0 : 0),
                rows.Average(r => r.FollowedLabel ? 1.0 : 0));
    }

    static double Error(float[] truth, float[] made) => Correlation.MeanAbsoluteError(truth, EvaluateCommand.EnergyOf(made));

    static int Label(SoundClassifierFeatures classifier, float[] wave)
    {
        var probabilities = classifier.Of(wave).Probabilities!;
        return Array.IndexOf(probabilities, probabilities.Max());
    }

    static async Task<float[]> MakeAsync(RewasClient client, string video, string prompt, CancellationToken cancel)
    {
        var wave = new GeneratedWave();
        await client.GenerateAsync(
            new()
            {
                Video = VideoSource.FromFile(video),
                Options = new() { Prompt = prompt },
                Sink = wave.AddAsync,
            },
            cancellation: cancel);
        return wave.ToArray();
    }
}
