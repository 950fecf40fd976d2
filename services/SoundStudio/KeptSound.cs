using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Rewas.Client;
using Rewas.Rendering;
using Rewas.Rendering.Guards;
using Rewas.Rendering.References;
using Rewas.Store.Files;
using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>
/// A made sound in the store: how it was made as JSON, and the samples of each candidate and of the environment as files. Any replica
/// reads it back.
/// </summary>
sealed record KeptSound
{
    const string Name = "sound.json", EnvironmentName = "environment", PreviewName = "preview";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The message <see cref="VideoInfo"/>, serialised; so are the next ones.</summary>
    public required byte[] Video { get; init; }

    public required IReadOnlyList<byte[]> Stages { get; init; }

    public required IReadOnlyList<byte[]> Summaries { get; init; }

    public required IReadOnlyList<byte[]> Pieces { get; init; }

    public required byte[] Sampler { get; init; }

    /// <summary>float32, little-endian; so are the next ones.</summary>
    public required byte[] Energy { get; init; }

    public required byte[] PredictedEnergy { get; init; }

    public required byte[] Onsets { get; init; }

    public required byte[] Texture { get; init; }

    public required IReadOnlyList<int> Cuts { get; init; }

    public required long Samples { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required TimeSpan FirstSoundAfter { get; init; }

    /// <summary>The best first.</summary>
    public required IReadOnlyList<KeptCandidate> Candidates { get; init; }

    /// <summary>The caller's own recordings; null for none.</summary>
    public ReferencesUsed? References { get; init; }

    /// <summary>Rate and channels of the candidates; null for 16 kHz, mono.</summary>
    public KeptForm? Form { get; init; }

    /// <summary>How the sound was guarded; null if nobody listened.</summary>
    public GuardUsed? Guard { get; init; }

    /// <summary>Gain of the second layer, dB; null for none.</summary>
    public double? EnvironmentDecibels { get; init; }

    /// <summary>Stores a sound.</summary>
    /// <param name="owner">Id of the render.</param>
    public static async Task StoreAsync(StoredFiles files, string owner, MadeSound made, string folder, CancellationToken cancellation)
    {
        foreach (var candidate in made.Candidates)
            await files.StoreAsync(KeyOf(owner, NameOf(candidate.Candidate)), owner, candidate.Sound.Sound.Path, cancellation);
        if (made.Preview is { } preview)
            await files.StoreAsync(KeyOf(owner, PreviewName), owner, preview.Sound.Path, cancellation);
        if (made.Environment is { } environment)
            await files.StoreAsync(KeyOf(owner, EnvironmentName), owner, environment.Sound.Path, cancellation);
        var path = Path.Combine(folder, Name);
        await File.WriteAllBytesAsync(path, JsonSerializer.SerializeToUtf8Bytes(Of(made), Json), cancellation);
        await files.StoreAsync(KeyOf(owner, Name), owner, path, cancellation);
    }

    /// <summary>Reads a sound into new layers.</summary>
    /// <exception cref="Rewas.Clip.Faults.InputFault">NotFound: it is not in the store any more.</exception>
    public static async Task<MadeSound> ReadAsync(StoredFiles files, string owner, SoundLayers layers, CancellationToken cancellation)
    {
        KeptSound kept;
        await using (var file = await files.OpenAsync(KeyOf(owner, Name), cancellation))
            kept = (await JsonSerializer.DeserializeAsync<KeptSound>(file, Json, cancellation))!;
        var sounds = new Dictionary<int, SoundLayer>();
        var preview = kept.Form is null ? null : await FilledAsync(layers.Create(PreviewName, decibels: 0), PreviewName);
        // The first layer is the first candidate in sampling order, as while the sound was made.
        foreach (var candidate in kept.Candidates.Select(candidate => candidate.Candidate).Order())
            sounds[candidate] = await FilledAsync(
                kept.Form is { } form
                    ? layers.Create(NameOf(candidate), decibels: 0, form.SampleRate, form.Channels, is24Bit: true)
                    : layers.Create(NameOf(candidate), decibels: 0),
                NameOf(candidate));
        foreach (var candidate in kept.Candidates)
            sounds[candidate.Candidate].Clipped = candidate.Clipped;
        return new(
            kept.ToResult(),
            [
                .. kept.Candidates.Select(candidate =>
                    new RankedCandidate(candidate.Candidate, candidate.Scores, sounds[candidate.Candidate]) { Guard = candidate.Guard }),
            ],
            kept.EnvironmentDecibels is { } decibels
                ? await FilledAsync(layers.Create(EnvironmentName, decibels), EnvironmentName) : null)
        {
            References = kept.References,
            Guard = kept.Guard,
            Preview = preview,
        };

        async Task<SoundLayer> FilledAsync(SoundLayer layer, string name)
        {
            await using var file = await files.OpenAsync(KeyOf(owner, name), cancellation);
            var part = new byte[1 << 16];
            for (int read; (read = await file.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellation)) > 0;)
                await layer.WriteAsync(Floats(part.AsSpan(0, read)), cancellation);
            await layer.CompleteAsync();
            return layer;
        }
    }

    static KeptSound Of(MadeSound made) => new()
    {
        Video = made.Result.Video.ToByteArray(),
        Stages = Messages(made.Result.Stages),
        Summaries = Messages(made.Result.Summaries),
        Pieces = Messages(made.Result.RecordingPieces),
        Sampler = made.Result.Sampler?.ToByteArray() ?? [],
        Energy = Bytes(made.Result.Energy),
        PredictedEnergy = Bytes(made.Result.PredictedEnergy),
        Onsets = Bytes(made.Result.Descriptors.Onsets),
        Texture = Bytes(made.Result.Descriptors.Texture),
        Cuts = made.Result.Descriptors.Cuts,
        Samples = made.Result.Samples,
        Elapsed = made.Result.Elapsed,
        FirstSoundAfter = made.Result.FirstSoundAfter,
        Candidates = [.. made.Candidates.Select(candidate => new KeptCandidate(candidate.Candidate, candidate.Scores)
        {
            Clipped = candidate.Sound.Clipped,
            Guard = candidate.Guard,
        })],
        References = made.References,
        Guard = made.Guard,
        Form = made.IsPlacedAlone
            ? new(made.Candidates[0].Sound.Sound.SampleRate, made.Candidates[0].Sound.Sound.Channels)
            : null,
        EnvironmentDecibels = made.Environment?.Decibels,
    };

    GenerateResult ToResult() => new()
    {
        Video = VideoInfo.Parser.ParseFrom(Video),
        Stages = [.. Stages.Select(DescribeResponse.Parser.ParseFrom)],
        Summaries = [.. Summaries.Select(StageSummary.Parser.ParseFrom)],
        RecordingPieces = [.. Pieces.Select(RecordingPiece.Parser.ParseFrom)],
        Sampler = Sampler.Length > 0 ? SamplerSettings.Parser.ParseFrom(Sampler) : null,
        Energy = Floats(Energy),
        PredictedEnergy = Floats(PredictedEnergy),
        Descriptors = new(Floats(Onsets), Floats(Texture)) { Cuts = Cuts },
        Samples = Samples,
        Elapsed = Elapsed,
        FirstSoundAfter = FirstSoundAfter,
    };

    static string KeyOf(string owner, string name) => $"leases/{owner}/{name}";

    static string NameOf(int candidate) => $"candidate-{candidate}";

    static IReadOnlyList<byte[]> Messages(IEnumerable<IMessage> messages) => [.. messages.Select(message => message.ToByteArray())];

    static byte[] Bytes(IReadOnlyList<float> values) => MemoryMarshal.AsBytes<float>(values.ToArray()).ToArray();

    static float[] Floats(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();
}

sealed record KeptCandidate(int Candidate, CandidateScores? Scores)
{
    /// <summary>Number of clipped samples.</summary>
    public long Clipped { get; init; }

    /// <summary>What is heard in it; null if nobody listened.</summary>
    public GuardReport? Guard { get; init; }
}

/// <summary>The form of placed recordings, in 24 bits.</summary>
sealed record KeptForm(int SampleRate, int Channels);
