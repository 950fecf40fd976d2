using Rewas.Clip;
using Rewas.Sound.Mel;

namespace Rewas.TestKit;

/// <summary>A published network, its inputs, and the file with its expected outputs.</summary>
/// <param name="Architecture">The network, at its default sizes.</param>
/// <param name="Prefix">The fixtures' prefix for the names of its weights.</param>
/// <param name="Output">Index of the network's output in the file.</param>
public sealed record PublishedCase(string Reference, string Architecture, string Prefix, Func<HostTensor[]> Inputs, int Output = 0)
{
    static readonly PublishedCase[] Cases =
    [
        new("phi_energy.npy", "phi", "", () => [Gauss("fixture.features", 1, 112, 768)]),
        new("clap_audio_embed.npy", "clap_audio", "clap.", () => [ClapLogMel()]),
        new("clap_audio_embedding.npy", "clap_audio", "clap.", () => [ClapLogMel()], Output: 1),
        new("clap_text_embed.npy", "clap_text", "clap.", () => [Padded(ReferenceFile.Read("clap_text_ids.npy"), 9)]),
        new("clip_image_embed.npy", "clip_image", "clip.", () => [Gauss("fixture.image", 2, 3, 224, 224)]),
        new("clip_text_embed.npy", "clip_text", "clip.", () => [ReferenceFile.Read("clip_text_ids.npy")]),
        new("unet_eps.npy", "controlled_unet", "", () =>
            [
                Gauss("fixture.x", 2, 8, 128, 16),
                HostTensor.Of(new float[] { 981, 121 }, 2),
                UnitRows(Gauss("fixture.y", 2, 512)),
                Gauss("fixture.hint", 2, 8, 128, 16),
            ]),
        new("vae_moments.npy", "vae_encoder", "", () => [EnergyImage()]),
        new("vae_moments_mel.npy", "vae_encoder", "", () => [Gauss("fixture.mel", 1, 1, 512, 64)]),
        new("vae_dec.npy", "vae_decoder", "", () => [Gauss("fixture.z", 1, 8, 128, 16)]),
        new("voc_wav.npy", "hifigan", "vocoder.", () => [Gauss("fixture.mel", 1, 64, 128)]),
        new("panns_clipwise.npy", "panns_cnn14", "panns.", () => [PannsLogMel()]),
        new("panns_embedding.npy", "panns_cnn14", "panns.", () => [PannsLogMel()], Output: 1),
        new("synchformer_offsets.npy", "synchformer", "", SyncInputs),
        new("synchformer_sound.npy", "synchformer", "", SyncInputs, Output: 1),
        new("motionformer_feat.npy", "motionformer", "", () => [Scaled(Gauss("fixture.frames", 2, 3, 16, 224, 224), 0.5f)]),
    ];

    /// <summary>The reference files, one for each case.</summary>
    public static TheoryData<string> References => [.. Cases.Select(c => c.Reference)];

    public static PublishedCase Of(string reference) => Cases.Single(c => c.Reference == reference);

    /// <summary>The expected output, in the network's own shape.</summary>
    public HostTensor Expected()
    {
        var file = ReferenceFile.Read(Reference);
        return Architecture == "motionformer" ? HostTensor.Of(file.Floats, file.Shape[1..]) : file;   // stored as one clip of 2 segments
    }

    /// <summary>Values of the fixtures' standard normal generator.</summary>
    public static HostTensor Gauss(string name, params long[] shape) =>
        HostTensor.Of(FixtureGenerator.Gauss(name, shape.Aggregate(1L, (a, b) => a * b)), shape);

    public static HostTensor UnitRows(HostTensor rows)
    {
        var width = (int)rows.Shape[1];
        float[] values = [.. rows.Floats.ToArray().Chunk(width).SelectMany(row =>
        {
            var length = MathF.Sqrt(row.Sum(v => v * v));
            return row.Select(v => v / length);
        })];
        return HostTensor.Of(values, rows.Shape);
    }

    static HostTensor Scaled(HostTensor tensor, float factor) =>
        HostTensor.Of(tensor.Floats.ToArray().Select(v => v * factor).ToArray(), tensor.Shape);

    static HostTensor[] SyncInputs() => [Gauss("fixture.sync", 1, 112, 768), ReferenceFile.Read("synchformer_mel.npy")];

    static HostTensor ClapLogMel() => HostTensor.Of(ClapMelSpectrogram.LogMel(FixtureSound.Wave48()), 1, 1001, 64);

    static HostTensor PannsLogMel() => HostTensor.Of(PannsMelSpectrogram.LogMel(ReferenceFile.Read("mel_wav.npy").Floats.Span), 1, 513, 64);

    /// <summary>Token ids with more padding after them. The result must not change.</summary>
    static HostTensor Padded(HostTensor ids, int more)
    {
        const long pad = 1;
        long[] values = [.. ids.Integers.ToArray().Chunk((int)ids.Shape[1]).SelectMany(row => row.Concat(Enumerable.Repeat(pad, more)))];
        return HostTensor.Of(values, ids.Shape[0], ids.Shape[1] + more);
    }

    /// <summary>A random walk of 512 steps, standardised, the same in all 64 bins: [1, 1, 512, 64].</summary>
    static HostTensor EnergyImage()
    {
        var sum = 0.0;
        double[] walk = [.. FixtureGenerator.Noise("fixture.energy", 512).Select(step => sum += step)];
        var mean = walk.Average();
        var deviation = Math.Sqrt(walk.Sum(v => (v - mean) * (v - mean)) / (walk.Length - 1));
        return HostTensor.Of(walk.SelectMany(v => Enumerable.Repeat((float)((v - mean) / deviation), 64)).ToArray(), 1, 1, 512, 64);
    }
}
