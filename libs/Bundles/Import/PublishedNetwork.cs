using Rewas.Networks;
using Rewas.Networks.Architectures;

namespace Rewas.Bundles.Import;

/// <summary>
/// A possible place of a network's weights. The weight <c>Prefix + rest</c> has the name <c>SourcePrefix + rest</c> in the file.
/// </summary>
/// <param name="Prefix">Prefix of the names in the network.</param>
/// <param name="SourcePrefix">Prefix of the names in the file.</param>
sealed record Origin(PublishedSource Source, string Prefix = "", string SourcePrefix = "")
{
    /// <summary>Name of a network's weight in the file.</summary>
    public string NameOf(string weight) =>
        weight.StartsWith(Prefix, StringComparison.Ordinal) ? SourcePrefix + weight[Prefix.Length..] : weight;
}

/// <summary>A network of the published size.</summary>
/// <param name="Name">Name in a bundle.</param>
/// <param name="Description">Architecture and configuration, as a bundle stores them.</param>
/// <param name="Origins">Possible places of its weights, preferred first.</param>
sealed record PublishedNetwork(
    string Name, NetworkDefinition Definition, (string Architecture, System.Text.Json.JsonElement Configuration) Description,
    Origin[] Origins)
{
    /// <summary>Names of networks that measure sound or caption pictures and make no sound.</summary>
    internal const string PannsCnn14 = "panns_cnn14", Melception = "melception", SyncVideo = "sync_video", Sync = "synchformer";

    const string Clap = "cond_stage_models.0.model.", Vae = "first_stage_model.";

    public static readonly IReadOnlyList<PublishedNetwork> All =
    [
        Of("video_encoder", "motionformer", new MotionformerConfiguration(), new Origin(PublishedSource.Synchformer)),
        Of("energy_predictor", "phi", new PhiConfiguration(), new(PublishedSource.Phi), new(PublishedSource.Phi, "phi.")),
        Of("text_encoder", "clap_text", new ClapTextConfiguration(), new(PublishedSource.Clap), new(PublishedSource.Rewas, "", Clap)),
        Of("audio_encoder", "clap_audio", new ClapAudioConfiguration(), new(PublishedSource.Clap), new(PublishedSource.Rewas, "", Clap)),
        Of("denoiser", "controlled_unet", new UNetConfiguration(), new Origin(PublishedSource.Rewas)),
        Of(
            "mel_encoder", "vae_encoder", new VaeConfiguration(),
            new(PublishedSource.Vae, Vae), new(PublishedSource.Vae), new(PublishedSource.Rewas)),
        Of(
            "mel_decoder", "vae_decoder", new VaeConfiguration(),
            new(PublishedSource.Vae, Vae), new(PublishedSource.Vae), new(PublishedSource.Rewas)),
        Of(
            "vocoder", "hifigan", new HifiGanConfiguration { WeightNorm = false },
            new(PublishedSource.Vocoder), new(PublishedSource.Rewas, "", Vae + "vocoder.")),
        Of(PannsCnn14, "panns_cnn14", new PannsCnn14Configuration(), new Origin(PublishedSource.Panns)) with { IsOptional = true },
        Of(Melception, "melception", new MelceptionConfiguration(), new Origin(PublishedSource.Melception)) with { IsOptional = true },
        Of(SyncVideo, "motionformer", new MotionformerConfiguration(), new Origin(PublishedSource.Sync)) with { IsOptional = true },
        Of(Sync, "synchformer", new SynchformerConfiguration(), new Origin(PublishedSource.Sync)) with { IsOptional = true },
        Of("clip_image", "clip_image", new ClipImageConfiguration(), new Origin(PublishedSource.Clip)) with { IsOptional = true },
        Of("clip_text", "clip_text", new ClipTextConfiguration(), new Origin(PublishedSource.Clip)) with { IsOptional = true },
    ];

    /// <summary>Names and shapes of its weights.</summary>
    public Dictionary<string, long[]> Weights { get; } = WeightNames.Of(Definition);

    /// <summary>
    /// Whether a bundle can make sound without it. An optional network is imported if its file is given, and may be the bundle's only
    /// network.
    /// </summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether most of a clip's time is spent in it, so that its number format matters.</summary>
    public bool IsLarge => Name is "video_encoder" or "denoiser";

    public string File => Name + ".safetensors";

    public static PublishedNetwork Of<T>(string name, string architecture, T configuration, params Origin[] origins)
    {
        var written = NetworkCatalog.Write(configuration);
        return new(name, NetworkCatalog.Create(architecture, written), (architecture, written), origins);
    }
}
