using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Hosting;

/// <summary>A file on its way to the caller.</summary>
public static class FileSending
{
    const int ChunkBytes = 256 * 1024;

    public static async Task SendFileAsync(this IServerStreamWriter<ExportChunk> response, string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        await response.SendAsync(file, cancellation);
    }

    /// <summary>A part of a file.</summary>
    /// <param name="count">Most bytes to send; 0 means all that follow.</param>
    /// <exception cref="InputFault">The part does not begin in the file.</exception>
    public static async Task SendFileAsync(
        this IServerStreamWriter<ExportChunk> response, string path, long from, long count, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        if (from < 0 || from > file.Length)
            throw InputFault.Invalid("from_byte", $"must be from 0 to {file.Length}, but is {from}");
        if (count < 0)
            throw InputFault.Invalid("byte_count", $"must be at least 0, but is {count}");
        file.Position = from;
        await response.SendAsync(file, cancellation, count == 0 ? long.MaxValue : count);
    }

    /// <summary>How a file was made, before the file.</summary>
    public static async Task SendSidecarAsync(this IServerStreamWriter<ExportChunk> response, string json, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(json);
        for (var at = 0; at < bytes.Length; at += ChunkBytes)
            await response.WriteAsync(new()
            {
                Sidecar = UnsafeByteOperations.UnsafeWrap(bytes.Slice(at,
                Math.Min(ChunkBytes, bytes.Length - at)))
            }, cancellation);
    }

    /// <summary>Sends the file from the stream's position. A caller who reads slowly slows down the reading.</summary>
    /// <param name="most">Most bytes to send.</param>
    public static async Task SendAsync(
        this IServerStreamWriter<ExportChunk> response, Stream file, CancellationToken cancellation, long most = long.MaxValue)
    {
        var buffer = new byte[ChunkBytes];
        while (most > 0)
        {
            var wanted = (int)Math.Min(most, buffer.Length);
            var count = await file.ReadAtLeastAsync(buffer.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellation);
            if (count == 0)
                return;
            most -= count;
            await response.WriteAsync(new() { Chunk = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) }, cancellation);
        }
    }
}
