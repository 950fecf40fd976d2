using System.Text;
using Grpc.Core;
using Rewas.Client;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;
using GenerateRequest = Rewas.Client.GenerateRequest;

namespace Rewas.Bench.Faults;

/// <summary>What a request asks for.</summary>
enum RequestKind
{
    /// <summary>The sound of a video file: all four stages.</summary>
    Clip,

    /// <summary>The sound of a curve of two windows: diffusion and vocoder.</summary>
    Render,

    /// <summary>The energy of a video file: the first two stages.</summary>
    Energy,

    /// <summary>A question to the agent about a video file. The agent asks the stages.</summary>
    Conversation,
}

/// <summary>One request. Its result is the bytes of its samples, of its curve, or of the agent's words.</summary>
/// <param name="Number">Counts from 0. It decides kind, prompt and seed, which repeat after <see cref="Distinct"/> requests.</param>
sealed record TrialRequest(int Number, string Video, TimeSpan Timeout)
{
    /// <summary>The number of different requests.</summary>
    public const int Distinct = 25;

    const int Steps = 4, RenderedWindows = 2;

    static readonly string[] Prompts = ["a hammer striking metal", "rain on a roof", "footsteps on a wooden floor", "a dog barks"];

    public static string PromptOf(int number) => Prompts[number % Prompts.Length];

    /// <summary>Requests of one variant have the same result.</summary>
    public int Variant => Number % Distinct;

    public RequestKind Kind => (Variant % 5) switch
    {
        0 or 1 => RequestKind.Clip,
        2 => RequestKind.Render,
        3 => RequestKind.Energy,
        _ => RequestKind.Conversation,
    };

    /// <exception cref="StageFailure">A stage refused the request or failed.</exception>
    /// <exception cref="RpcException">The agent failed.</exception>
    public Task<byte[]> RunAsync(RewasClient client, IProgress<GenerateProgress> progress) => Kind switch
    {
        RequestKind.Clip => SoundAsync(client, VideoSource.FromFile(Video), energy: null, progress),
        RequestKind.Render =>
            SoundAsync(client, new("none", null, _ => throw new InvalidOperationException("the energy is known")), KnownEnergy(), progress),
        RequestKind.Energy => EnergyAsync(client, progress),
        _ => ConversationAsync(client),
    };

    async Task<byte[]> SoundAsync(RewasClient client, VideoSource video, KnownEnergy? energy, IProgress<GenerateProgress> progress)
    {
        var sound = new MemoryStream();
        await client.GenerateAsync(new GenerateRequest
        {
            Video = video,
            Options = new()
            {
                Prompt = PromptOf(Variant),
                Seed = (ulong)Variant,
                Steps = Steps,
                Priority = Variant % 3 == 0 ? Priority.Batch : Priority.Interactive,
            },
            Energy = energy,
            Timeout = Timeout,
            Sink = (samples, _) =>
            {
                sound.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples.Span));
                return ValueTask.CompletedTask;
            },
        }, progress);
        return sound.ToArray();
    }

    async Task<byte[]> EnergyAsync(RewasClient client, IProgress<GenerateProgress> progress)
    {
        var result = await client.PredictEnergyAsync(new() { Video = VideoSource.FromFile(Video), Timeout = Timeout }, progress);
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(result.PredictedEnergy.ToArray().AsSpan()).ToArray();
    }

    async Task<byte[]> ConversationAsync(RewasClient client)
    {
        using var stop = new CancellationTokenSource(Timeout);
        await using var conversation = new AgentConversation(client.Agent);
        await conversation.SendAsync(VideoSource.FromFile(Video), stop.Token);
        var words = new StringBuilder();
        await foreach (var happened in conversation.SayAsync("What do you see?", stop.Token))
            words.Append(happened.PartCase == ChatEvent.PartOneofCase.Text ? happened.Text : "");
        return Encoding.UTF8.GetBytes(words.ToString());
    }

    static KnownEnergy KnownEnergy()
    {
        var energy = Enumerable.Range(0, RenderedWindows * ClipTiming.MelFramesPerWindow)
            .Select(frame => -8 + 5 * MathF.Exp(-(frame % 100) / 15f))
            .ToArray();
        var samples = (long)RenderedWindows * ClipTiming.SamplesPerWindow;
        return new(EnergyCurve.Of(energy), new VideoInfo { AudioSamples = samples, Windows = ClipTiming.WindowsFor(samples) });
    }
}
