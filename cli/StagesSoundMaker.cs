using System.Globalization;
using Rewas.Client;
using Rewas.Evaluation;
using Rewas.Faults;
using Rewas.Networks;

namespace Rewas.Cli;

/// <summary>The stages of the platform as a model that is evaluated.</summary>
sealed class StagesSoundMaker : ISoundMaker
{
    readonly Stages stages;
    readonly string control;
    readonly int? steps;

    StagesSoundMaker(Stages stages, string control, int? steps, string identity) => (this.stages, this.control, this.steps, Identity) = (stages, control, steps, identity);

    public string Identity { get; }

    /// <exception cref="InputFault">The bundle is not there.</exception>
    public static async Task<StagesSoundMaker> ConnectAsync(EvaluatedModel model, string? gateway, int? steps, CancellationToken cancel)
    {
        var stages = await Stages.ConnectAsync(gateway, model.Bundle, cancel);
        try
        {
            var described = await stages.Client.DescribeAsync(cancel);
            var sampled = steps is { } n ? string.Create(CultureInfo.InvariantCulture, $", {n} steps") : "";
            return new(stages, model.Control, steps, $"{model.Control} control, bundle {described[0].Bundle} (sha256 {described[0].BundleSha256[..12]}){sampled}");
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
                Sampling = new() { Control = control },
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
