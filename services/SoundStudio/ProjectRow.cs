using Google.Protobuf.WellKnownTypes;
using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>What a list shows of a project: its lease and its line in rewas_projects.</summary>
sealed record ProjectRow
{
    /// <summary>The columns of this record, with the lease as l and the line as p.</summary>
    public const string Columns = "l.id, l.caller, l.revision, l.ends, p.name, p.saved";

    public string Id { get; init; } = "";

    /// <summary>The owner.</summary>
    public string Caller { get; init; } = "";

    /// <summary>Counts what was saved, from 1.</summary>
    public long Revision { get; init; }

    /// <summary>Unix milliseconds; so is the next one.</summary>
    public long Ends { get; init; }

    public long Saved { get; init; }

    public string Name { get; init; } = "";

    public StudioProject ToMessage() => new()
    {
        ProjectId = Id,
        Version = Revision,
        Owner = Caller,
        Content = new() { Name = Name },
        Saved = TimeOf(Saved),
        LeaseEnds = TimeOf(Ends),
    };

    static Timestamp TimeOf(long milliseconds) => Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
