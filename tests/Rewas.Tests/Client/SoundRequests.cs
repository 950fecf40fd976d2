using Rewas.Client;

namespace Rewas.Tests.Client;

/// <summary>Requests with a file of the given size and a sink that keeps the samples.</summary>
static class SoundRequests
{
    /// <summary>Longer than any passing test. It ends a test that hangs.</summary>
    public static readonly TimeSpan Patience = Wait.Patience;

    public static VideoSource Video(int bytes = 700_000) =>
        new("clip.mp4", bytes, _ => ValueTask.FromResult<Stream>(new MemoryStream(new byte[bytes])));

    public static GenerateRequest With(List<float> sound) => new()
    {
        Video = Video(),
        Options = new() { Prompt = "a ball bounces", Seed = 7 },
        Timeout = Patience,
        Sink = (samples, _) =>
        {
            sound.AddRange(samples.Span);
            return ValueTask.CompletedTask;
        },
    };
}
