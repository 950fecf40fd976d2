using System.Text;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Rendering.Timelines;

/// <summary>The files that hold a timeline, by the endings of their names.</summary>
public static class TimelineFormats
{
    const string Field = "timeline";
    const long MostBytes = 64 << 20;

    /// <summary>Formats without the dot.</summary>
    public static IReadOnlyList<string> All { get; } = ["otio", "otioz", "edl", "fcpxml"];

    public static string Of(string path) => Path.GetExtension(path).TrimStart('.').ToLowerInvariant();

    /// <summary>Whether a file is a timeline, by its name.</summary>
    public static bool IsName(string path) => All.Contains(Of(path));

    /// <exception cref="InputFault">A file of this name holds no timeline.</exception>
    public static void ThrowUnlessName(string path)
    {
        if (!IsName(path))
            throw InputFault.Invalid(Field, $"its name must end in .{string.Join(", .", All)}, but is '{path}'");
    }

    /// <summary>Writes a timeline. Names of files in it are relative to its folder where they lie below it.</summary>
    /// <param name="byName">True if its files will lie beside it, wherever they are now.</param>
    /// <exception cref="InputFault">The file cannot be written, or the format cannot hold the timeline.</exception>
    public static async Task WriteAsync(Timeline timeline, string path, bool byName, CancellationToken cancellation)
    {
        ThrowUnlessName(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        using var file = PartialFile.Create(path, Field);
        try
        {
            switch (Of(path))
            {
                case "otio":
                    await File.WriteAllTextAsync(file.Path, OtioWriter.Write(timeline, Address(folder)), cancellation);
                    break;
                case "otioz":
                    await OtioBundle.WriteAsync(timeline, file.Path, cancellation);
                    break;
                case "edl":
                    await File.WriteAllTextAsync(file.Path, EdlWriter.Write(timeline, byName), cancellation);
                    break;
                default:
                    await File.WriteAllTextAsync(file.Path, FcpXmlWriter.Write(timeline, Address(folder: null)), cancellation);
                    break;
            }
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Writing(Field, path, failure);
        }
        file.Complete();

        Func<TimelineClip, string> Address(string? folder) =>
            byName ? MediaAddress.NameOf : clip => MediaAddress.Of(clip, folder);
    }

    /// <summary>The text of a timeline file: JSON of OpenTimelineIO, an EDL, or FCPXML.</summary>
    /// <exception cref="InputFault">It cannot be read, is too large, or is not UTF-8.</exception>
    public static async Task<string> ReadTextAsync(string path, CancellationToken cancellation)
    {
        var length = InputFile.Find(path, Field).Length;
        if (length > MostBytes && Of(path) != "otioz")
            throw InputFault.Exhausted(Field, $"must have at most {MostBytes} bytes, but has {length}");
        try
        {
            var bytes = Of(path) == "otioz"
                ? await OtioBundle.ReadCutAsync(path, MostBytes, cancellation)
                : await File.ReadAllBytesAsync(path, cancellation);
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException failure)
        {
            throw InputFault.Invalid(Field, $"'{path}' must be UTF-8", failure);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading(Field, path, failure);
        }
    }
}
