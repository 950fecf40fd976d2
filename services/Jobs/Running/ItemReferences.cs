using Google.Protobuf;
using Rewas.Clip.Files;
using Rewas.Clip.Names;
using Rewas.Rendering.References;
using Rewas.Text.Words;
using Rewas.V1;

namespace Rewas.Jobs.Running;

/// <summary>The recordings of an item.</summary>
public static class ItemReferences
{
    /// <summary>Most bytes of recordings that an item itself carries. A message has at most 4 MiB.</summary>
    public const int MostContentBytes = 3 << 20;

    /// <summary>
    /// The item for the key of its result. Recordings are named by their content, and those that the library offers are named, so that a
    /// changed recording or library gives another result. The item itself then has the same recordings of the library.
    /// </summary>
    public static async Task<JobItem> HashedAsync(JobItem item, ReferenceFiles files, CancellationToken cancellation)
    {
        if (item.References is { Recordings.Count: 0, Library: MemoryNames.On })
        {
            item.References.Recordings.AddRange(files.Matching(OrderWords.Understood(item.Options).Options.Prompt, cancellation));
            item.References.Library = "";
            if (item.References.Recordings.Count == 0)
                item.Options.ClearReferenceStrength();
        }
        var hashed = item.Clone();
        // A release that understands other words makes another sound.
        hashed.Options = OrderWords.Understood(item.Options) is ({ } understood, { IsAsWritten: false }) ? understood : hashed.Options;
        foreach (var recording in hashed.References?.Recordings ?? [])
            if (recording.FromCase == ReferenceSound.FromOneofCase.Path)
                recording.Content = ByteString.CopyFromUtf8(await FileHash.OfAsync(files.AtPath!(recording.Path), cancellation));
        return hashed;
    }
}
