using Google.Protobuf;
using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.V1;

namespace Rewas.Agent.Sessions;

/// <summary>The user's own recordings in a session, and which of their pieces the user does not want.</summary>
public sealed class SessionRecordings
{
    /// <summary>Most bytes of all recordings of a session, with their names. The session's document holds them.</summary>
    public const int MostBytes = 3 << 20;

    const int MostRecordings = 100, MostBanned = 200;

    public List<ReferenceSound> All { get; } = [];

    /// <summary>True if sounds are placed from the recordings, or from the library if there are none.</summary>
    public bool AreUsed { get; set; }

    /// <summary>Ids of pieces that are not placed again.</summary>
    public List<string> Banned { get; } = [];

    /// <summary>Adds a recording. One that is there already is not added again, so a caller that was cut off may repeat it.</summary>
    /// <exception cref="InputFault">
    /// It did not come as bytes, its name or hash is wrong, or there are too many or too large ones.
    /// </exception>
    public void Add(ReferenceSound recording)
    {
        if (recording.FromCase is not (ReferenceSound.FromOneofCase.Content or ReferenceSound.FromOneofCase.LibrarySha256))
            throw InputFault.Invalid("reference", "must have a content or a library_sha256");
        InputFault.ThrowIfAny(OrderTable.Reference.Faults(new() { References = new() { Recordings = { recording } } }));
        AreUsed = true;
        if (All.Contains(recording))
            return;
        if (All.Count >= MostRecordings)
            throw InputFault.Exhausted("reference", $"at most {MostRecordings} recordings are kept in a session");
        var bytes = All.Append(recording).Sum(one => (long)one.CalculateSize());
        if (bytes > MostBytes)
            throw InputFault.Exhausted(
                "reference", $"the recordings of a session must have at most {MostBytes} bytes together, but have {bytes}");
        All.Add(recording);
    }

    /// <exception cref="InputFault">Too many pieces are banned.</exception>
    public void Ban(string piece)
    {
        if (Banned.Count >= MostBanned)
            throw InputFault.Exhausted("ban", $"at most {MostBanned} pieces are banned in a session");
        if (!Banned.Contains(piece))
            Banned.Add(piece);
    }

    /// <summary>The references of an order; null if no recordings are used.</summary>
    public SoundReferences? ToMessage() => AreUsed
        ? new() { Recordings = { All }, Library = All.Count == 0 ? "on" : "", Banned = { Banned } }
        : null;

    internal KeptRecordings ToKept() => new([.. All.Select(recording => recording.ToByteArray())], AreUsed, Banned);

    internal void FillIn(KeptRecordings kept)
    {
        All.AddRange(kept.All.Select(ReferenceSound.Parser.ParseFrom));
        AreUsed = kept.AreUsed;
        Banned.AddRange(kept.Banned);
    }
}

/// <param name="All">Messages <see cref="ReferenceSound"/>, serialised.</param>
sealed record KeptRecordings(IReadOnlyList<byte[]> All, bool AreUsed, IReadOnlyList<string> Banned);
