using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Studio;

/// <summary>A video, an upload and a render do not die with the studio that began them.</summary>
public sealed class StudioSurvivalTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_video_and_its_render_go_on_at_another_studio_when_theirs_is_killed_with_the_same_samples()
    {
        using var bundle = new TinyBundle();
        using var clips = new ClipFolder();
        using var store = new TemporaryFolder();
        using var stages = await ServiceProcess.ServeAsync(
            Programs.FreePort(), "--bundle", bundle.Bundle.Directory, "--", "--Onnx:Threads=1");
        string[] settings =
        [
            $"--SoundStudio:Stages={stages.Address}",
            $"--Store:Folder={store.Path}",
            $"--Rewas:Bundle={bundle.Bundle.Directory}",
            "--Store:TakeOverAfter=00:00:01",
            "--Rewas:ShareBetweenCallers=true",
            "--Onnx:Threads=1",
        ];
        using var first = await ServiceProcess.StartAsync("Rewas.SoundStudio", Programs.FreePort(), settings);
        using var second = await ServiceProcess.StartAsync("Rewas.SoundStudio", Programs.FreePort(), settings);
        using var firstChannel = GrpcChannel.ForAddress(first.Address);
        using var secondChannel = GrpcChannel.ForAddress(second.Address);
        V1.SoundStudio.SoundStudioClient one = new(firstChannel), other = new(secondChannel);
        var bytes = await File.ReadAllBytesAsync(
            clips.Make("clip.mp4", "testsrc2=size=64x48:rate=25:duration=20", "-c:v", "libx264", "-g", "25"), Token);
        var create = new CreateVideoRequest
        {
            IdempotencyKey = "v",
            FileName = "clip.mp4",
            Bytes = bytes.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
        };

        // The upload begins at one studio and goes on at the other one.
        var video = await one.CreateVideoAsync(create, cancellationToken: Token);
        Assert.Equal(1000, (await SendAsync(one, video, 0, bytes[..1000])).Received);
        Assert.Equal(video.VideoId, (await other.CreateVideoAsync(create, cancellationToken: Token)).VideoId);
        Assert.Equal(bytes.Length, (await SendAsync(other, video, 1000, bytes[1000..])).Received);

        // The same order twice: one render is disturbed, the other one is not.
        var order = new StartRenderRequest
        {
            IdempotencyKey = "undisturbed",
            VideoId = video.VideoId,
            Options = new() { Prompt = "rain", Seed = 7, Steps = 200 },
        };
        var (expected, expectedEnd) = await WatchAsync(other, await other.StartRenderAsync(order, cancellationToken: Token));
        var render = await one.StartRenderAsync(new(order) { IdempotencyKey = "disturbed" }, cancellationToken: Token);
        // The other studio lets its caller hear the sound while the first one makes it.
        using (var watching = other.WatchRender(new() { RenderId = render.RenderId }, cancellationToken: Token))
            do
                Assert.True(await watching.ResponseStream.MoveNext(Token));
            while (watching.ResponseStream.Current.Wave is null);
        await other.Export(new() { RenderId = render.RenderId, Format = "wav" }, cancellationToken: Token).ResponseStream.MoveNext(Token)
            .Fails(StatusCode.FailedPrecondition, "must have ended");
        first.Dispose();                                                     // kill -9

        // A caller that lost the response asks again, at the other studio, and nothing is made twice.
        Assert.Equal(render, await other.StartRenderAsync(new(order) { IdempotencyKey = "disturbed" }, cancellationToken: Token));
        var (wave, end) = await WatchAsync(other, render);
        Assert.Equal(expectedEnd.Candidates[0].Sha256, end.Candidates[0].Sha256);
        Assert.Equal(expected, wave);
        Assert.Equal(end.Candidates[0].Sha256, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(wave.AsSpan()))));

        // A third studio, which has made nothing, exports the same file.
        using var third = await ServiceProcess.StartAsync("Rewas.SoundStudio", Programs.FreePort(), settings);
        using var thirdChannel = GrpcChannel.ForAddress(third.Address);
        var export = new ExportRequest { RenderId = render.RenderId, Format = "wav" };
        Assert.Equal(await ExportAsync(other, export), await ExportAsync(new(thirdChannel), export));
    }

    static async Task<StudioVideo> SendAsync(V1.SoundStudio.SoundStudioClient studio, StudioVideo video, long offset, byte[] bytes)
    {
        using var call = studio.UploadVideo(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new() { Start = new() { VideoId = video.VideoId, Offset = offset } }, Token);
        foreach (var chunk in bytes.Chunk(100_000))
            await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(chunk) }, Token);
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    static async Task<(float[] Wave, RenderEnd End)> WatchAsync(V1.SoundStudio.SoundStudioClient studio, StudioRender render)
    {
        var wave = new List<float>();
        using var call = studio.WatchRender(new() { RenderId = render.RenderId }, cancellationToken: Token);
        await foreach (var happened in call.ResponseStream.ReadAllAsync(Token))
        {
            if (happened.Wave is { } part)
            {
                Assert.Equal(wave.Count, part.FirstSample);
                wave.AddRange(part.Samples.ToHostTensor("wave", -1).Floats.Span);
            }
            if (happened.End is { } end)
                return ([.. wave], end);
        }
        throw new InvalidOperationException("ended without an end");
    }

    static async Task<byte[]> ExportAsync(V1.SoundStudio.SoundStudioClient studio, ExportRequest request)
    {
        using var call = studio.Export(request, cancellationToken: Token);
        var file = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(Token))
            part.Chunk.WriteTo(file);
        return file.ToArray();
    }
}
