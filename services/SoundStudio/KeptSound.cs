using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Rewas.Client;
using Rewas.Rendering;
using Rewas.Store.Files;
using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>
/// A made sound in the store: how it was made as JSON, and the samples of each candidate and of the environment as files. Any replica
/// reads it back.
/// </summary>
sealed record KeptSound
{
    const string Name = "sound.json", EnvironmentName = "environment";

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

    /// <summary>Gain of the second layer, dB; null for none.</summary>
    public double? EnvironmentDecibels { get; init; }

    /// <summary>Stores a sound.</summary>
    /// <param name="owner">Id of the render.</param>
    public static async Task StoreAsync(StoredFiles files, string owner, MadeSound made, string folder, CancellationToken cancellation)
    {
        foreach (var candidate in made.Candidates)
            await files.StoreAsync(KeyOf(owner, NameOf(candidate.Candidate)), owner, candidate.Sound.Sound.Path, cancellation);
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
        // The first layer is the first candidate in sampling order, as while the sound was made.
        foreach (var candidate in kept.Candidates.Select(candidate => candidate.Candidate).Order())
            sounds[candidate] = await LayerAsync(NameOf(candidate), decibels: 0);
        return new(
            kept.ToResult(),
            [.. kept.Candidates.Select(one => new RankedCandidate(one.Candidate, one.Scores, sounds[one.Candidate]))],
            kept.EnvironmentDecibels is { } decibels ? await LayerAsync(EnvironmentName, decibels) : null);

        async Task<SoundLayer> LayerAsync(string name, double decibels)
        {
            var layer = layers.Create(name, decibels);
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
        Sampler = made.Result.Sampler!.ToByteArray(),
        Energy = Bytes(made.Result.Energy),
        PredictedEnergy = Bytes(made.Result.PredictedEnergy),
        Onsets = Bytes(made.Result.Descriptors.Onsets),
        Texture = Bytes(made.Result.Descriptors.Texture),
        Cuts = made.Result.Descriptors.Cuts,
        Samples = made.Result.Samples,
        Elapsed = made.Result.Elapsed,
        FirstSoundAfter = made.Result.FirstSoundAfter,
        Candidates = [.. made.Candidates.Select(candidate => new KeptCandidate(candidate.Candidate, candidate.Scores))],
        EnvironmentDecibels = made.Environment?.Decibels,
    };

    GenerateResult ToResult() => new()
    {
        Video = VideoInfo.Parser.ParseFrom(Video),
        Stages = [.. Stages.Select(DescribeResponse.Parser.ParseFrom)],
        Summaries = [.. Summaries.Select(StageSummary.Parser.ParseFrom)],
        RecordingPieces = [.. Pieces.Select(RecordingPiece.Parser.ParseFrom)],
        Sampler = SamplerSettings.Parser.ParseFrom(Sampler),
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

sealed record KeptCandidate(int Candidate, CandidateScores? Scores);
