// What an editing tool does with the studio. Usage: EditingTool URL VIDEO PROMPT OUT.mp4
// Uploads the video, mutes the first half second of its curve, listens to the sound while it is made, and exports the best of two
// candidates.
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.V1;

if (args is not [var url, var path, var prompt, var output])
{
    Console.Error.WriteLine("usage: EditingTool URL VIDEO PROMPT OUT.mp4");
    return 2;
}
using var channel = GrpcChannel.ForAddress(url);
var studio = new SoundStudio.SoundStudioClient(channel);

// The key makes a retry safe: the same key and request give the same video.
var video = await studio.CreateVideoAsync(
    new() { IdempotencyKey = Guid.NewGuid().ToString(), FileName = Path.GetFileName(path), Bytes = new FileInfo(path).Length });
using (var upload = studio.UploadVideo())
{
    await upload.RequestStream.WriteAsync(new() { Start = new() { VideoId = video.VideoId, Offset = video.Received } });
    await using var file = File.OpenRead(path);
    var buffer = new byte[256 * 1024];
    while (await file.ReadAsync(buffer) is > 0 and var count)
        await upload.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(buffer, 0, count) });
    await upload.RequestStream.CompleteAsync();
    video = await upload;
}
Console.WriteLine($"uploaded {video.Received} bytes");

var analysis = await studio.AnalyseAsync(new() { VideoId = video.VideoId });
Console.WriteLine($"{analysis.Curve.Energy.Shape[0]} values of energy, {analysis.OnsetSeconds.Count} onsets");
var mute = new CurveEdit { Mute = new() { Range = new() { FromSeconds = 0, ToSeconds = 0.5 } } };
var edited = await studio.EditCurveAsync(new() { Curve = analysis.Curve, Edits = { mute } });

var render = await studio.StartRenderAsync(new()
{
    IdempotencyKey = Guid.NewGuid().ToString(),
    VideoId = video.VideoId,
    Curve = edited,
    Options = new() { Prompt = prompt, Steps = 4, Candidates = 2 },
});
using (var watching = studio.WatchRender(new() { RenderId = render.RenderId }))
{
    long heard = 0;
    await foreach (var happened in watching.ResponseStream.ReadAllAsync())
    {
        if (happened.Wave is { } wave)
            heard = wave.FirstSample + wave.Samples.Shape[0];                // a real tool would play the samples
        if (happened.End is { } end)
            Console.WriteLine(
                $"heard {heard} of {end.Samples} samples; scores "
                + $"{string.Join(", ", end.Candidates.Select(candidate => $"{candidate.Score:F2}"))}");
    }
}

// These are single blows over silence. Mostly silent sound cannot be made as loud as speech without flattening its peaks.
// Such a loudness would be refused, so this asks for less.
using (var exporting = studio.Export(
    new() { RenderId = render.RenderId, Format = Path.GetExtension(output).TrimStart('.'), Finish = new() { Loudness = -30 } }))
{
    await using var file = File.Create(output);
    await foreach (var part in exporting.ResponseStream.ReadAllAsync())
        part.Chunk.WriteTo(file);
}
await studio.DeleteVideoAsync(new() { VideoId = video.VideoId });
Console.WriteLine($"wrote {output}");
return 0;
