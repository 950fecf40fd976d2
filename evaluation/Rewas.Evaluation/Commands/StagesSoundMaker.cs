using System.Globalization;
using Rewas.Cli.Checking;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Evaluation.Sounds;
using Rewas.Evaluation.Tables;
using Rewas.PromptCheck;

namespace Rewas.Evaluation.Commands;

/// <summary>The stages of the platform as a model that is evaluated.</summary>
sealed class StagesSoundMaker : ISoundMaker
{
    readonly Stages stages;
    readonly string control;
    readonly ConflictCheck? check;
    readonly int? steps;

    StagesSoundMaker(Stages stages, EvaluatedModel model, int? steps, string identity) =>
        (this.stages, control, check, this.steps, Identity) = (
            stages, model.Control, model.IsChecked ? new(ConflictStatistics.Embedded) : null, steps, identity);

    public string Identity { get; }

    /// <param name="stages">That run the model's bundle; not disposed of here.</param>
    /// <param name="model">What is made of them.</param>
    /// <param name="steps">Sampling steps; the bundle's default if null.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<StagesSoundMaker> OfAsync(Stages stages, EvaluatedModel model, int? steps, CancellationToken cancel)
    {
        var described = await stages.Client.DescribeAsync(cancel);
        var sampled = steps is { } n ? string.Create(CultureInfo.InvariantCulture, $", {n} steps") : "";
        var isChecked = model.IsChecked ? ", prompts that conflict with the picture replaced by the first suggestion" : "";
        return new(
            stages,
            model,
            steps,
            $"{model.Control} control, bundle {described[0].Bundle} (sha256 {described[0].BundleSha256[..12]}){sampled}{isChecked}");
    }

    public async Task<ClipSound> MakeAsync(string video, string prompt, long seed, CancellationToken cancellation)
    {
        var asked = prompt;
        if (check is not null
            && check.Check(await VideoLook.AtAsync(stages, video, cancellation), prompt) is
            {
                Blocks: true,
                Suggestions: [var suggestion, ..],
            })
            prompt = suggestion;
        var wave = new GeneratedWave();
        await stages.Client.GenerateAsync(
            new GenerateRequest
            {
                Video = VideoSource.FromFile(video),
                Options = new() { Prompt = prompt, Seed = (ulong)seed, Steps = steps ?? 0, Control = control },
                Sink = wave.AddAsync,
            },
            cancellation: cancellation);
        return new(wave.ToArray(), check is null ? null : prompt == asked);
    }
}
