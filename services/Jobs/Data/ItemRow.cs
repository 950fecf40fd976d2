using Google.Protobuf.WellKnownTypes;
using Rewas.V1;

namespace Rewas.Jobs.Data;

/// <summary>An item in the database, with its result if it has one.</summary>
public sealed record ItemRow
{
    /// <summary>The columns of this record, selected from <see cref="Tables"/>.</summary>
    public const string Columns =
        "i.job, i.item, i.name, i.request, i.video, i.video_bytes, i.state, i.attempts, i.windows_done, i.windows, i.step, i.steps, "
        + "i.error, i.found, i.revision, "
        + "r.file, r.bytes, r.sha256, r.sound_sha256, r.samples, r.sampler, r.elapsed";

    public const string Tables = "rewas_items i LEFT JOIN rewas_results r ON r.key = i.result";

    public string Job { get; init; } = "";

    public long Item { get; init; }

    public string Name { get; init; } = "";

    /// <summary>The message <see cref="JobItem"/>, serialised.</summary>
    public byte[] Request { get; init; } = [];

    /// <summary>Key of the copied video file. Empty if the request names the video by path.</summary>
    public string Video { get; init; } = "";

    /// <summary>Length of that file, or 0.</summary>
    public long VideoBytes { get; init; }

    public long State { get; init; }

    public long Attempts { get; init; }

    public long WindowsDone { get; init; }

    public long Windows { get; init; }

    public long Step { get; init; }

    public long Steps { get; init; }

    public string Error { get; init; } = "";

    public long Found { get; init; }

    public long Revision { get; init; }

    /// <summary>Key of the result's file. It and the next fields are null without a result.</summary>
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

/// <summary>The result of an item.</summary>
/// <param name="Key">Hash of the video's bytes, the order and the bundle that made it.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Hash of the file.</param>
/// <param name="SoundSha256">Hash of the samples before the mix.</param>
/// <param name="Samples">Number of samples at 16 kHz.</param>
/// <param name="Sampler">The message <see cref="SamplerSettings"/>, serialised.</param>
/// <param name="Elapsed">Making time in milliseconds.</param>
/// <param name="Sidecar">The sidecar as JSON. Empty for results of an earlier release.</param>
public sealed record ResultRow(
    string Key, string File, long Bytes, string Sha256, string SoundSha256, long Samples, byte[] Sampler, long Elapsed, string Sidecar);
