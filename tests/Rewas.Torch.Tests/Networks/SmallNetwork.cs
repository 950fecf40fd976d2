using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;

namespace Rewas.Torch.Tests.Networks;

/// <summary>Every network at a size that runs in milliseconds. The sizes are unusual, so that a mixed-up axis shows.</summary>
static class SmallNetwork
{
    public static readonly UNetConfiguration UNet = new()
    {
        LatentChannels = 4,
        LatentFrames = 16,
        LatentBins = 4,
        ModelChannels = 12,
        ChannelMultipliers = [1, 2],
        ResidualBlocks = 1,
        AttentionFactors = [2],
        HeadChannels = 8,
        FilmChannels = 6,
        Groups = 3,
        Descriptors = true,
    };

    public static readonly VaeConfiguration Vae = new()
    {
        MelFrames = 32,
        MelBins = 16,
        PatchSize = 2,
        BaseChannels = 10,
        ChannelMultipliers = [1, 2],
        ResidualBlocks = 1,
        LatentChannels = 3,
        Groups = 5,
        Grain = true,
        PatchPath = true,
        Compand = true,
    };

    public static readonly HifiGanConfiguration HifiGan = new()
    {
        MelBins = 5,
        UpsampleRates = [5, 2],
        UpsampleKernels = [16, 4],
        InitialChannels = 12,
        ResidualKernels = [3, 7],
        ResidualDilations = [[1, 3], [1]],
    };

    public static readonly MotionformerConfiguration Motionformer = new()
    {
        FrameSize = 48,
        PatchSize = 16,
        Channels = 12,
        Depth = 2,
        Heads = 3,
        FeedForwardFactor = 2,
    };

    public static readonly PhiConfiguration Phi = new() { Channels = 12, Depth = 1, Heads = 2, FeedForwardFactor = 2, HeadWidths = [4] };

    public static readonly ClapTextConfiguration Clap = new()
    { Vocabulary = 20, Positions = 12, Channels = 12, Depth = 2, Heads = 3, FeedForwardFactor = 2, EmbeddingChannels = 6, Dropout = 0 };

    public static readonly ClapAudioConfiguration ClapAudio = new()
    {
        MelFrames = 61,
        MelBins = 8,
        PictureSize = 24,
        PatchSize = 2,
        WindowSize = 6,
        Channels = 6,
        Depths = [2, 1],
        Heads = [2, 3],
        FeedForwardFactor = 2,
        EmbeddingChannels = 5,
        FrameSamples = 16,
        Classes = 7,
    };

    public static readonly ClipImageConfiguration ClipImage = new()
    { PictureSize = 21, PatchSize = 7, Channels = 12, Depth = 2, Heads = 3, FeedForwardFactor = 2, EmbeddingChannels = 5 };

    public static readonly ClipTextConfiguration ClipText = new()
    { Vocabulary = 20, ContextLength = 7, Channels = 12, Depth = 2, Heads = 3, FeedForwardFactor = 2, EmbeddingChannels = 5 };

    public static readonly SoundEncoderConfiguration SoundEncoder = new()
    {
        MelBins = 16,
        BaseChannels = 8,
        ChannelMultipliers = [1, 2],
        Groups = 4,
        EmbeddingChannels = 6,
    };

    public static readonly VocosConfiguration Vocos = new()
    {
        MelBins = 12,
        Channels = 16,
        HiddenChannels = 24,
        Layers = 2,
        HopSamples = 10,
        FrameSamples = 64,
        Refinements = 1,
        Corrections = 1,
    };
    public static readonly MotionCnnConfiguration MotionCnn = new()
    {
        FrameSize = 16,
        BaseChannels = 8,
        ChannelMultipliers = [1, 2],
        Channels = 6,
        BlockStatistics = true,
    };
    public static readonly PannsCnn14Configuration PannsCnn14 = new()
    {
        MelBins = 6,
        Channels = [3, 5],
        EmbeddingChannels = 7,
        Classes = 4,
        FrameSamples = 16,
    };

    public static readonly MelceptionConfiguration Melception = new() { MelBins = 75, MelFrames = 79, Classes = 5, ChannelDivisor = 16 };

    public static readonly SynchformerConfiguration Synchformer = new()
    {
        Segments = 3,
        VideoTimes = 4,
        Channels = 24,
        FeedForwardFactor = 2,
        MelBins = 14,
        MelFrames = 11,
        SoundPatch = 4,
        SoundStride = 3,
        SoundDepth = 2,
        SoundHeads = 3,
        Depth = 2,
        Heads = 2,
        Offsets = 5,
    };

    public static NetworkDefinition Define(string architecture) => NetworkCatalog.Create(architecture, architecture switch
    {
        "clap_audio" => NetworkCatalog.Write(ClapAudio),
        "clap_text" => NetworkCatalog.Write(Clap),
        "clip_image" => NetworkCatalog.Write(ClipImage),
        "clip_text" => NetworkCatalog.Write(ClipText),
        "controlled_unet" => NetworkCatalog.Write(UNet),
        "guarded_phi" =>
            NetworkCatalog.Write(new GuardedPhiConfiguration { References = 7, Phi = Phi with { Unread = BlockMotion.Statistics } }),
        "hifigan" => NetworkCatalog.Write(HifiGan),
        "melception" => NetworkCatalog.Write(Melception),
        "motion_cnn" => NetworkCatalog.Write(MotionCnn),
        "motionformer" => NetworkCatalog.Write(Motionformer),
        "panns_cnn14" => NetworkCatalog.Write(PannsCnn14),
        "patch_encoder" => NetworkCatalog.Write(
            new PatchEncoderConfiguration { MelFrames = 32, MelBins = 16, PatchSize = 4, LatentChannels = 3, Compand = true }),
        "phi" => NetworkCatalog.Write(Phi),
        "sound_encoder" => NetworkCatalog.Write(SoundEncoder),
        "synchformer" => NetworkCatalog.Write(Synchformer),
        "vocos" => NetworkCatalog.Write(Vocos),
        "text_projection" => NetworkCatalog.Write(new TextProjectionConfiguration { InputChannels = 12, EmbeddingChannels = 6 }),
        "vae_encoder" or "vae_decoder" => NetworkCatalog.Write(Vae),
        _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "has no small size here"),
    });

    /// <summary>Inputs for the ports. The first open axis is the batch; the next is a length that grows with it.</summary>
    public static HostTensor[] Inputs(NetworkDefinition definition, int batch) => [.. definition.Inputs.Select(port =>
    {
        long[] shape = [.. port.Shape.Select((size, axis) => size >= 0 ? size : axis == 0 ? batch : 4 + batch)];
        return port.Type == ElementType.Int64
            ? HostTensor.Of(Tokens(shape[0], shape[1]), shape)
            : PublishedCase.Gauss($"{port.Name}.{batch}", shape);
    })];

    /// <summary>Texts of different lengths: 0, words, 2, and padding.</summary>
    static long[] Tokens(long rows, long length) =>
        [.. Enumerable.Range(0, (int)(rows * length)).Select(i => (Row: i / length, At: i % length)).Select(t =>
            t.At == 0 ? 0 : t.At > length - 2 - t.Row % 2 ? 1 : t.At == length - 2 - t.Row % 2 ? 2 : 3 + (t.At + t.Row) % 17)];
}
