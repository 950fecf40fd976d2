using Google.Protobuf.WellKnownTypes;
using Rewas.V1;

namespace Rewas.Jobs.Data;

/// <summary>An item as the database has it, with its result if it has one.</summary>
public sealed record ItemRow
{
    /// <summary>What gives one of these from <see cref="Tables"/>.</summary>
    public const string Columns =
        "i.job, i.item, i.name, i.request, i.video, i.state, i.attempts, i.windows_done, i.windows, i.step, i.steps, "
        + "i.error, i.found, i.revision, "
        + "r.file, r.bytes, r.sha256, r.sound_sha256, r.samples, r.sampler, r.elapsed";

    public const string Tables = "rewas_items i LEFT JOIN rewas_results r ON r.key = i.result";

    public string Job { get; init; } = "";

    public long Item { get; init; }

    public string Name { get; init; } = "";

    /// <summary>A <see cref="JobItem"/>.</summary>
    public byte[] Request { get; init; } = [];

    /// <summary>Key of the video's file, where its bytes were taken over; else empty, and the request has its path.</summary>
    public string Video { get; init; } = "";

    public long State { get; init; }

    public long Attempts { get; init; }

    public long WindowsDone { get; init; }

    public long Windows { get; init; }

    public long Step { get; init; }

    public long Steps { get; init; }

    public string Error { get; init; } = "";

    public long Found { get; init; }

    public long Revision { get; init; }

    /// <summary>Key of the result's file; null where there is none, as what follows.</summary>
    public string? File { get; init; }

    public long? Bytes { get; init; }

    public string? Sha256 { get; init; }

    public string? SoundSha256 { get; init; }

    public long? Samples { get; init; }

    public byte[]? Sampler { get; init; }

    public long? Elapsed { get; init; }

    public JobItemStatus ToMessage() => new()
    {
        Item = (int)Item,
        Name = Name,
        State = (ItemState)State,
        Attempts = (int)Attempts,
        WindowsDone = (int)WindowsDone,
        Windows = (int)Windows,
        Step = (int)Step,
        Steps = (int)Steps,
        Error = Error,
        Revision = Revision,
        Result = File is null ? null : new()
        {
            Bytes = Bytes!.Value,
            Sha256 = Sha256,
            SoundSha256 = SoundSha256,
            Samples = Samples!.Value,
            Sampler = SamplerSettings.Parser.ParseFrom(Sampler),
            Elapsed = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(Elapsed!.Value)),
            Found = Found != 0,
        },
    };
}

/// <summary>What was made for an item.</summary>
/// <param name="Key">Hash of the video's bytes, of what was asked for, and of what made it.</param>
/// <param name="File">Key of its file.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="SoundSha256">Of its samples before the mix.</param>
/// <param name="Samples">16,000 a second.</param>
/// <param name="Sampler">How it was sampled: <see cref="SamplerSettings"/>.</param>
/// <param name="Elapsed">Milliseconds that making it took.</param>
/// <param name="Sidecar">How it was made, JSON; empty for what an earlier release made.</param>
public sealed record ResultRow(
    string Key, string File, long Bytes, string Sha256, string SoundSha256, long Samples, byte[] Sampler, long Elapsed, string Sidecar);
