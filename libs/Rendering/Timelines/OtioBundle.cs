using System.IO.Compression;
using Rewas.Clip.Faults;

namespace Rewas.Rendering.Timelines;

/// <summary>A timeline with all its files in one ZIP file, .otioz: content.otio, version.txt, and a flat folder of media.</summary>
static class OtioBundle
{
    const string Field = "timeline", Cut = "content.otio", Version = "version.txt", Folder = "media";

    public static async Task WriteAsync(Timeline timeline, string path, CancellationToken cancellation)
    {
        var names = Names(timeline.Tracks.SelectMany(track => track.Clips));
        await using var file = File.Create(path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        await WriteAsync(Cut, OtioWriter.Write(timeline, clip =>
            names.TryGetValue(clip.Media!, out var name) ? $"{Folder}/{Uri.EscapeDataString(name)}" : clip.Media!));
        await WriteAsync(Version, "1.0.0");
        foreach (var (media, name) in names)
        {
            await using var from = File.OpenRead(media);
            await using var to = await zip.CreateEntry($"{Folder}/{name}", CompressionLevel.NoCompression).OpenAsync(cancellation);
            await from.CopyToAsync(to, cancellation);
        }

        async Task WriteAsync(string name, string text)
        {
            await using var entry = await zip.CreateEntry(name, CompressionLevel.Optimal).OpenAsync(cancellation);
            await using var writer = new StreamWriter(entry);
            await writer.WriteAsync(text);
        }
    }

    /// <summary>The timeline of a bundle. Its media are not read.</summary>
    /// <exception cref="InputFault">It is no bundle, or the timeline is too large.</exception>
    public static async Task<byte[]> ReadCutAsync(string path, long most, CancellationToken cancellation)
    {
        try
        {
            using var zip = await ZipFile.OpenReadAsync(path, cancellation);
            var entry = zip.GetEntry(Cut) ?? throw InputFault.Invalid(Field, $"'{path}' holds no {Cut}");
            await using var cut = await entry.OpenAsync(cancellation);
            var bytes = new MemoryStream();
            var part = new byte[1 << 16];
            while (await cut.ReadAsync(part, cancellation) is > 0 and var count)
            {
                bytes.Write(part, 0, count);
                if (bytes.Length > most)                                     // whatever its header says
                    throw InputFault.Exhausted(Field, $"its {Cut} must have at most {most} bytes, but has more");
            }
            return bytes.ToArray();
        }
        catch (InvalidDataException failure)
        {
            throw InputFault.Invalid(Field, $"'{path}' is not an .otioz: {failure.Message}", failure);
        }
    }

    /// <summary>A name for each file of this machine. Two files of one name get different ones.</summary>
    static Dictionary<string, string> Names(IEnumerable<TimelineClip> clips)
    {
        var (names, used) = (new Dictionary<string, string>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        foreach (var clip in clips.Where(clip => clip.Media is { } media && File.Exists(media) && !names.ContainsKey(media)))
        {
            var wanted = Path.GetFileName(clip.FileName ?? clip.Media!);
            var name = wanted;
            for (var number = 2; !used.Add(name); number++)
                name = $"{Path.GetFileNameWithoutExtension(wanted)}-{number}{Path.GetExtension(wanted)}";
            names[clip.Media!] = name;
        }
        return names;
    }
}
