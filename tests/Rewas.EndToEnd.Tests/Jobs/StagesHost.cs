using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Rewas.AudioDiffusion;
using Rewas.Client;
using Rewas.EnergyPredictor;
using Rewas.Hosting;
using Rewas.SoundStudio;
using Rewas.VideoEncoder;
using Rewas.Vocoder;

namespace Rewas.EndToEnd.Tests.Jobs;

/// <summary>All stages and the studio with a tiny bundle, and a folder of short clips, shared by all tests of a class.</summary>
public sealed class StagesHost : IAsyncLifetime
{
    readonly TinyBundle bundle = new();
    readonly TemporaryFolder studioFolder = new();
    readonly PrivateSocket socket = new();
    WebApplication? app;
    RewasClient? client;

    public string Address => socket.Address.OriginalString;

    public string Bundle => bundle.Bundle.Directory;

    public ClipFolder Clips { get; } = new();

    internal V1.SoundStudio.SoundStudioClient Studio => client!.Studio;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Rewas:Bundle"] = Bundle;
        builder.Configuration["Rewas:TrustCallerHeader"] = "true";
        builder.Configuration["Onnx:Threads"] = "1";
        builder.Configuration["Rewas:Listen"] = Address;
        builder.Configuration["SoundStudio:Folder"] = studioFolder.File("working");
        builder.Configuration["Store:Folder"] = studioFolder.File("store");
        builder.Configuration["SoundStudio:Stages"] = Address;
        builder.AddRewasDefaults();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.AddVideoEncoder().AddEnergyPredictor().AddAudioDiffusion().AddVocoder().AddSoundStudio();
        app = builder.Build();
        app.MapRewasDefaults();
        app.MapVideoEncoder().MapEnergyPredictor().MapAudioDiffusion().MapVocoder().MapSoundStudio();
        await app.StartAsync();
        client = RewasClient.Connect(socket.Address);
    }

    /// <summary>A clip of 0.4 s, in the folder of clips.</summary>
    public string Clip(string name) => Clips.Make(name, "testsrc2=size=64x48:rate=25:duration=0.4", "-c:v", "libx264", "-g", "5");

    /// <summary>The id of a clip in the studio.</summary>
    public async Task<string> UploadAsync(string path)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        var video = await Studio.CreateVideoAsync(new()
        {
            IdempotencyKey = Guid.NewGuid().ToString(),
            FileName = "clip.mp4",
            Bytes = bytes.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
        });
        using var call = Studio.UploadVideo();
        await call.RequestStream.WriteAsync(new() { Start = new() { VideoId = video.VideoId } });
        await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes) });
        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync).VideoId;
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        await app!.StopAsync();
        await app.DisposeAsync();
        socket.Dispose();
        studioFolder.Dispose();
        bundle.Dispose();
        Clips.Dispose();
    }
}
