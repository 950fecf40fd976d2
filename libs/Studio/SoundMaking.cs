using Rewas.Client;
using Rewas.Curves;
using Rewas.Video;

namespace Rewas.Studio;

/// <summary>Makes the layers of a sound: the candidates of the primary source, the best first, and what is behind it.</summary>
public static class SoundMaking
{
    /// <summary>:: Step 1: the candidates, in one batch. :: Step 2: their ranks. :: Step 3: the environment, after the energy that they were made with.</summary>
    /// <param name="client">The stages.</param>
    /// <param name="order">What is wanted.</param>
    /// <param name="layers">Where the sounds go.</param>
    /// <param name="judge">Ranks candidates; needed where there are several.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<MadeSound> MakeAsync(
        RewasClient client, SoundOrder order, SoundLayers layers, CandidateJudge? judge, IProgress<GenerateProgress>? progress, CancellationToken cancellation)
    {
        // :: Step 1
        SoundLayer[] sounds = [.. Enumerable.Range(0, order.Candidates).Select(candidate => layers.Create($"candidate-{candidate}", decibels: 0))];
        var result = await client.GenerateAsync(Request(order, sounds), progress, cancellation);
        var curve = EnergyCurve.Of([.. result.Energy]);
        foreach (var sound in sounds)
            await sound.CompleteAsync();

        // :: Step 2
        IReadOnlyList<RankedCandidate> ranked = order.Candidates == 1
            ? [new(0, null, sounds[0])]
            : RankedCandidate.BestFirst(sounds.Select((sound, candidate) => new RankedCandidate(candidate, judge!.Score(sound.Sound, curve, order.Prompt, cancellation), sound)));

        // :: Step 3
        if (order.Environment is not { } environment)
            return new(result, ranked, null);
        var behind = layers.Create("environment", environment.Decibels);
        var surroundings = order with
        {
            Prompt = environment.Prompt,
            Seed = environment.Seed,
            Energy = new(curve.Apply(EnvironmentLayer.Envelope), result.Video),
            Edits = [],
            Sampling = order.Sampling with { Control = null },               // it follows the energy whatever controls the primary sound
        };
        await client.GenerateAsync(Request(surroundings, [behind]), progress, cancellation);
        await behind.CompleteAsync();
        return new(result, ranked, behind);
    }

    /// <param name="order">What is wanted.</param>
    /// <param name="sounds">One for each candidate.</param>
    static GenerateRequest Request(SoundOrder order, IReadOnlyList<SoundLayer> sounds) => Request(order, sounds[0].WriteAsync) with
    {
        FurtherSinks = [.. sounds.Skip(1).Select(sound => (WaveSink)sound.WriteAsync)],
    };

    /// <summary>What the stages are asked for.</summary>
    /// <param name="order">What is wanted.</param>
    /// <param name="sink">Takes the sound of the first candidate.</param>
    public static GenerateRequest Request(SoundOrder order, WaveSink sink) => new()
    {
        Video = VideoSource.FromFile(order.Video),
        Prompt = order.Prompt,
        Seed = order.Seed,
        Steps = order.Steps,
        GuidanceScale = order.GuidanceScale,
        Eta = order.Eta,
        Sampling = order.Sampling,
        Energy = order.Energy,
        Edits = order.Edits,
        Sink = sink,
    };
}

/// <param name="Result">How the candidates were made.</param>
/// <param name="Candidates">All of them, the best first.</param>
/// <param name="Environment">What is behind them, if anything.</param>
public sealed record MadeSound(GenerateResult Result, IReadOnlyList<RankedCandidate> Candidates, SoundLayer? Environment)
{
    /// <summary>What is mixed: the best candidate, and the environment.</summary>
    public IReadOnlyList<(RawSound Sound, double Decibels)> Mix => [.. Stems.Select(stem => (stem.Sound.Sound, stem.Sound.Decibels))];

    /// <summary>The same by name.</summary>
    public IReadOnlyList<(string Name, SoundLayer Sound)> Stems =>
        [("primary", Candidates[0].Sound), .. Environment is { } environment ? [("environment", environment)] : Array.Empty<(string, SoundLayer)>()];
}
