using Google.Protobuf;
using Grpc.Net.Client;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>Makes a sound through gRPC alone, to compare with what the page gives.</summary>
static class StudioOverGrpc
{
    const int ChunkBytes = 256 << 10;

    /// <summary>The film with its sound.</summary>
    public static async Task<byte[]> MakeAsync(string address, string film, StartRenderRequest order)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var studio = new V1.SoundStudio.SoundStudioClient(channel);
        var token = TestContext.Current.CancellationToken;
        var bytes = await File.ReadAllBytesAsync(film, token);
        var video = await studio.CreateVideoAsync(
            new() { IdempotencyKey = Guid.NewGuid().ToString(), FileName = "film.mp4", Bytes = bytes.Length }, cancellationToken: token);
        using (var upload = studio.UploadVideo(cancellationToken: token))
        {
            await upload.RequestStream.WriteAsync(new() { Start = new() { VideoId = video.VideoId } }, token);
            foreach (var chunk in bytes.Chunk(ChunkBytes))
                await upload.RequestStream.WriteAsync(new() { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) }, token);
            await upload.RequestStream.CompleteAsync();
            await upload;
        }
        var render = await studio.StartRenderAsync(
            new(order) { IdempotencyKey = Guid.NewGuid().ToString(), VideoId = video.VideoId }, cancellationToken: token);
        using (var watch = studio.WatchRender(new() { RenderId = render.RenderId, FromSample = long.MaxValue }, cancellationToken: token))
            while (await watch.ResponseStream.MoveNext(token))
            {
                // Until its end.
            }
        using var export = studio.Export(new() { RenderId = render.RenderId, Format = "mp4" }, cancellationToken: token);
        using var file = new MemoryStream();
        while (await export.ResponseStream.MoveNext(token))
            export.ResponseStream.Current.Chunk.WriteTo(file);
        return file.ToArray();
    }

    /// <summary>The samples of a film's sound, as they are decoded.</summary>
    /// <param name="rate">Hz; null for that of the file.</param>
    public static byte[] Samples(string film, int? rate = null) => ClipFolder.Run(
        [
            "-i", "file:" + film, "-map", "0:a:0", .. rate is { } hertz ? ["-ar", $"{hertz}", "-ac", "1"] : Array.Empty<string>(),
            "-f", "f32le", "-",
        ]);
}
