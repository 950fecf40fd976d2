using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;

namespace Rewas.TestKit;

/// <summary>A temporary folder and small clips made in it by ffmpeg's own sources.</summary>
public sealed class ClipFolder : IDisposable
{
    /// <summary>Clips made so far in any folder, by ffmpeg's arguments, because many tests need the same clip.</summary>
    static readonly ConcurrentDictionary<string, Lazy<byte[]>> Made = new();

    public string Root { get; } = Directory.CreateTempSubdirectory("rewas-video-tests-").FullName;

    public string Path(string name) => System.IO.Path.Combine(Root, name);

    /// <summary>Makes a clip from a lavfi graph. Further arguments go before the output.</summary>
    public string Make(string name, string graph, params string[] arguments)
    {
        string[] recipe = ["-f", "lavfi", "-i", graph, .. arguments];
        // The file extension is part of the key, because it chooses the container.
        File.WriteAllBytes(Path(name), Made.GetOrAdd(string.Join('\n', [.. recipe, System.IO.Path.GetExtension(name)]), _ => new(() =>
        {
            Run([.. recipe, "file:" + Path(name)]);
            return File.ReadAllBytes(Path(name));
        })).Value);
        return Path(name);
    }

    /// <summary>60 frames of a test picture, 2 s at 30 frames per second, unless the graph says otherwise.</summary>
    public string Plain(string name, string graph = "testsrc2=size=128x96:rate=30:duration=2") =>
        Make(name, graph, "-c:v", "libx264", "-g", "15");

    /// <summary>Standard output of ffmpeg. ffmpeg must succeed.</summary>
    public static byte[] Run(params string[] arguments)
    {
        string[] all = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", .. arguments];
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", all)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.True(
            process.ExitCode == 0, $"ffmpeg ended with {process.ExitCode} (128 and more: killed; 255: told to stop): {errors.Result}");
        return output.ToArray();
    }

    /// <summary>Digest of the picture's packets as stored in the file.</summary>
    public static string PictureDigest(string path) =>
        System.Text.Encoding.ASCII.GetString(Run("-i", "file:" + path, "-map", "0:v:0", "-c", "copy", "-f", "md5", "-"));

    /// <summary>A copy cut off after a share of its bytes.</summary>
    public string Truncated(string path, string name, double part)
    {
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(Path(name), bytes[..(int)(bytes.Length * part)]);
        return Path(name);
    }

    /// <summary>Rotates the picture of an .mp4 by 90 degrees clockwise, in the matrix of its track header, as phones do.</summary>
    public static void TurnClockwise(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var matrix = bytes.AsSpan(bytes.AsSpan().IndexOf("tkhd"u8) + 4 + 40);
        int[] turned = [0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30];
        for (var i = 0; i < turned.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(matrix[(4 * i)..], turned[i]);
        File.WriteAllBytes(path, bytes);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
