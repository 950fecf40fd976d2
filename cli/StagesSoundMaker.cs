using System.Globalization;
using Rewas.Checkpoints;
using Rewas.Client;
using Rewas.Evaluation;
using Rewas.Faults;
using Rewas.Networks;

namespace Rewas.Cli;

/// <summary>The stages of the platform as a model that is evaluated.</summary>
sealed class StagesSoundMaker : ISoundMaker
{
    readonly Stages stages;
    readonly int? steps;

    StagesSoundMaker(Stages stages, int? steps, string identity) => (this.stages, this.steps, Identity) = (stages, steps, identity);

    public string Identity { get; }

    /// <exception cref="InputFault">The bundle is not there, of another kind, or cannot do without control.</exception>
    public static async Task<StagesSoundMaker> ConnectAsync(EvaluatedModel model, string? gateway, int? steps, CancellationToken cancel)
    {
        if (model.Control == "text-only")
            throw InputFault.Precondition("models", $"'{model.Name}': the stages take no request without control");
        if (gateway is null)
            model.ThrowUnlessFits(Bundle.Find(model.Bundle, verify: false).Manifest.Control);
        var stages = await Stages.ConnectAsync(gateway, model.Bundle, cancel);
        try
        {
            var described = await stages.Client.DescribeAsync(cancel);
            var sampled = steps is { } n ? string.Create(CultureInfo.InvariantCulture, $", {n} steps") : "";
            return new(stages, steps, $"{model.Control} control, bundle {described[0].Bundle} (sha256 {described[0].BundleSha256[..12]}){sampled}");
        }
        catch
        {
            await stages.DisposeAsync();
            throw;
        }
    }

    public async Task<float[]> MakeAsync(string video, string prompt, long seed, CancellationToken cancellation)
    {
        var wave = new List<float>(ClipTiming.SamplesPerWindow);
        await stages.Client.GenerateAsync(
            new GenerateRequest
            {
                Video = VideoSource.FromFile(video),
                Prompt = prompt,
                Seed = seed,
                Steps = steps,
                Sink = (samples, _) =>
                {
                    wave.AddRange(samples.Span);
                    return ValueTask.CompletedTask;
                },
            },
            cancellation: cancellation);
        return [.. wave];
    }

    public ValueTask DisposeAsync() => stages.DisposeAsync();
}
