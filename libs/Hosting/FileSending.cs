using System.Text;
using Google.Protobuf;
using Grpc.Core;
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

    /// <summary>Everything from where the stream stands; a caller who reads slowly holds up the reading.</summary>
    public static async Task SendAsync(this IServerStreamWriter<ExportChunk> response, Stream file, CancellationToken cancellation)
    {
        var buffer = new byte[ChunkBytes];
        while (await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) is > 0 and var count)
            await response.WriteAsync(new() { Chunk = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) }, cancellation);
    }
}
