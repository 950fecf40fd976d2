using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Networks;

/// <summary>The networks at small sizes: shapes, gradients, and the properties that the services rely on.</summary>
public sealed class SmallNetworkTests : IDisposable
{
    readonly IDisposable scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string> Architectures => [.. NetworkCatalog.Architectures];

    [Theory, MemberData(nameof(Architectures))]
    public void Outputs_have_the_shapes_of_their_ports_and_gradients_reach_every_weight(string architecture)
    {
        var definition = SmallNetwork.Define(architecture);
        var inputs = SmallNetwork.Inputs(definition, batch: 2);
        var weights = TorchWeights.Fresh(seed: 1);
        var network = definition.Build(new Scope(weights));
        var outputs = network([.. inputs.Select(input => Wrap(weights, input))]);
        Assert.Equal(definition.Outputs.Count, outputs.Count);
        foreach (var (port, value) in definition.Outputs.Zip(outputs))
            Assert.True(
                port.Shape.Length == value.Shape.Count
                    && port.Shape.Zip(value.Shape).All(size => size.First is -1 || size.First == size.Second),
                $"{port.Name} is [{string.Join(", ", value.Shape)}], but its port says [{string.Join(", ", port.Shape)}]");

        ((TorchTensor)outputs[0]).Value.square().sum().backward();
        Assert.Empty(weights.Parameters.Where(w => w.Value.grad is null).Select(w => w.Key));
    }

    [Fact]
    public void An_untrained_adapter_changes_nothing()
    {
        var weights = TorchWeights.FromOrFresh(
            [KeyValuePair.Create("model.diffusion_model.out.2.weight", PublishedCase.Gauss("head", 4, 12, 3, 3))], seed: 2);
        var network = new ControlledUNet(new Scope(weights), SmallNetwork.UNet);
        var inputs = UNetInputs().Select(input => Wrap(weights, input)).ToArray();
        var alone = FixtureWeights.ToHost(network.Denoiser.Forward(inputs[0], inputs[1], inputs[2]));
        Assert.Contains(alone.Floats.ToArray(), value => value != 0);
        Assert.Equal(
            alone.Floats.ToArray(),
            FixtureWeights.ToHost(
                network.Forward(inputs[0], inputs[1], inputs[2], inputs[3], inputs.ElementAtOrDefault(4))).Floats.ToArray());
    }

    [Fact]
    public void Text_and_hint_computed_once_give_the_same_noise()
    {
        var weights = new FixtureWeights("");
        var network = new ControlledUNet(new Scope(weights), SmallNetwork.UNet);
        var inputs = UNetInputs().Select(weights.Input).ToArray();
        var whole = network.Forward(inputs[0], inputs[1], inputs[2], inputs[3], inputs.ElementAtOrDefault(4));

        var (denoiser, adapter) = (network.Denoiser, network.Adapter);
        var (film, adapterFilm, hint) = (
            denoiser.Condition.Film(inputs[2]), adapter.Condition.Film(inputs[2]), adapter.Hint(inputs[3], inputs.ElementAtOrDefault(4)));
        var control = adapter.Forward(inputs[0], UNetCondition.Join(adapter.Condition.Time(inputs[1]), adapterFilm), hint);
        var split = denoiser.Forward(inputs[0], UNetCondition.Join(denoiser.Condition.Time(inputs[1]), film), control);
        ReferenceFile.AssertAgrees(FixtureWeights.ToHost(whole), FixtureWeights.ToHost(split), 1e-6);
    }

    [Fact]
    public void A_chunk_of_mel_with_context_gives_the_same_samples_as_the_whole()
    {
        var weights = new FixtureWeights("");
        var vocoder = new HifiGan(new Scope(weights), SmallNetwork.HifiGan);
        var reach = new HifiGanReach(SmallNetwork.HifiGan);
        const int frames = 90, first = 40, end = 50;
        var mel = weights.Gauss("mel", 1, SmallNetwork.HifiGan.MelBins, frames);
        var whole = FixtureWeights.ToHost(vocoder.Forward(mel)).Floats.ToArray();
        Assert.Equal((frames * 5 + 1) * 2, whole.Length);                    // kernel 16 less rate 5 is odd: one sample more

        var start = first - reach.ContextFrames;
        var chunk = FixtureWeights.ToHost(vocoder.Forward(mel.Slice(2, start, end + reach.ContextFrames))).Floats.ToArray();
        AssertClose(
            whole[(first * reach.SamplesPerFrame)..(end * reach.SamplesPerFrame)],
            chunk[((first - start) * reach.SamplesPerFrame)..((end - start) * reach.SamplesPerFrame)]);
    }

    [Fact]
    public void A_chunk_of_mel_with_context_gives_the_same_samples_as_the_whole_from_the_fourier_vocoder_too()
    {
        var weights = new FixtureWeights("");
        var vocoder = new Vocos(new Scope(weights), SmallNetwork.Vocos);
        var reach = VocoderReach.Of(SmallNetwork.Vocos);
        const int frames = 70, first = 30, end = 40;
        var mel = weights.Gauss("mel", 1, SmallNetwork.Vocos.MelBins, frames);
        var whole = FixtureWeights.ToHost(vocoder.Forward(mel)).Floats.ToArray();
        Assert.Equal(frames * reach.SamplesPerFrame, whole.Length);

        var start = first - reach.ContextFrames;
        var chunk = FixtureWeights.ToHost(vocoder.Forward(mel.Slice(2, start, end + reach.ContextFrames))).Floats.ToArray();
        AssertClose(
            whole[(first * reach.SamplesPerFrame)..(end * reach.SamplesPerFrame)],
            chunk[((first - start) * reach.SamplesPerFrame)..((end - start) * reach.SamplesPerFrame)]);
    }

    [Fact]
    public void A_frame_transform_and_its_inverse_give_the_same_sound()
    {
        const int hop = 10, frames = 20;
        var weights = new FixtureWeights("");
        var transform = new FrameTransform(frameSamples: 64, hop);
        var wave = weights.Gauss("wave", 2, frames, hop);
        ReferenceFile.AssertAgrees(FixtureWeights.ToHost(wave), FixtureWeights.ToHost(transform.Inverse(transform.Forward(wave))), 1e-5);
    }

    [Fact]
    public void A_frame_transform_finds_a_tone_where_it_is()
    {
        const int hop = 16, frames = 20, frame = 64, bin = 5;
        var weights = new FixtureWeights("");
        var tone = HostTensor.Of(
            [.. Enumerable.Range(0, hop * frames).Select(n => (float)Math.Cos(2 * Math.PI * bin * n / frame))], 1, frames, hop);
        var spectrum = FixtureWeights.ToHost(new FrameTransform(frame, hop).Forward(weights.Input(tone))).Floats.ToArray();
        var middle = spectrum[(frames / 2 * (frame + 2))..];
        var magnitudes = Enumerable.Range(0, frame / 2 + 1)
            .Select(i => Math.Sqrt(middle[i] * middle[i] + middle[frame / 2 + 1 + i] * middle[frame / 2 + 1 + i]))
            .ToArray();
        Assert.Equal(bin, Array.IndexOf(magnitudes, magnitudes.Max()));
        Assert.Equal(frame / 4.0, magnitudes[bin], 1e-3);                    // half the amplitude, times the window's sum
    }

    [Fact]
    public void Magnitudes_implied_by_a_mel_have_that_mel()
    {
        const int frame = 1024, bins = 64, frames = 3;
        var weights = new FixtureWeights("");
        var basis = SlaneyMel.Basis(16_000, frame, bins, 0, 8000);
        var logMel = Enumerable.Range(0, frames * bins).Select(i => -4 + 2 * MathF.Sin(i * 0.15f)).ToArray();
        var magnitudes = FixtureWeights.ToHost(
            new MelInversion(16_000, frame, bins).Forward(weights.Input(HostTensor.Of(logMel, 1, frames, bins)))).Floats.ToArray();
        Assert.All(magnitudes, m => Assert.True(m >= 0));
        for (var i = 0; i < logMel.Length; i++)
        {
            var (t, mel) = (i / bins, i % bins);
            var sum = Enumerable.Range(0, frame / 2 + 1)
                .Sum(bin => basis[mel * (frame / 2 + 1) + bin] * magnitudes[t * (frame / 2 + 1) + bin]);
            Assert.Equal(logMel[i], MathF.Log(sum), 0.05f);
        }
    }

    [Fact]
    public void A_sample_depends_on_exactly_the_frames_that_the_reach_says()
    {
        var weights = new FixtureWeights("");
        var vocoder = new HifiGan(new Scope(weights), SmallNetwork.HifiGan);
        const int frames = 60;
        foreach (var sample in new[] { 300, 303, 309 })
        {
            var mel = ((TorchTensor)weights.Gauss("mel", 1, SmallNetwork.HifiGan.MelBins, frames)).Value.requires_grad_();
            ((TorchTensor)vocoder.Forward(new TorchTensor(mel, new()))).Value[0, 0, sample].backward();
            var touched = TorchWeights.ToHost(mel.grad!.abs().sum(1).squeeze(0)).Floats.ToArray();
            var (first, last) = new HifiGanReach(SmallNetwork.HifiGan).Frames(sample, sample);
            Assert.Equal((first, last), (Array.FindIndex(touched, v => v > 0), Array.FindLastIndex(touched, v => v > 0)));
        }
    }

    [Fact]
    public void Folded_and_normed_vocoder_weights_mean_the_same()
    {
        var weights = new FixtureWeights("");
        var normed = new HifiGan(new Scope(weights), SmallNetwork.HifiGan);
        var folded = new HifiGan(new Scope(new Folding(weights)), SmallNetwork.HifiGan with { WeightNorm = false });
        var mel = weights.Gauss("mel", 1, SmallNetwork.HifiGan.MelBins, 12);
        ReferenceFile.AssertAgrees(FixtureWeights.ToHost(normed.Forward(mel)), FixtureWeights.ToHost(folded.Forward(mel)), 1e-5);
    }

    [Fact]
    public void Texts_of_different_lengths_share_a_batch_without_seeing_each_other()
    {
        var weights = new FixtureWeights("");
        var clap = new ClapText(new Scope(weights), SmallNetwork.Clap);
        float[] Embed(params long[] ids) =>
            FixtureWeights.ToHost(clap.Forward(weights.Input(HostTensor.Of(ids, 1, ids.Length)))).Floats.ToArray();
        var batch = FixtureWeights.ToHost(
            clap.Forward(weights.Input(HostTensor.Of(new long[] { 0, 7, 2, 1, 1, 0, 9, 8, 5, 2 }, 2, 5)))).Floats.ToArray();
        AssertClose(Embed(0, 7, 2), batch[..6]);
        AssertClose(Embed(0, 9, 8, 5, 2), batch[6..]);
    }

    [Fact]
    public void What_follows_the_end_of_a_CLIP_text_changes_nothing()
    {
        var weights = new FixtureWeights("");
        var clip = new ClipText(new Scope(weights), SmallNetwork.ClipText);
        float[] Embed(params long[] ids) =>
            FixtureWeights.ToHost(clip.Forward(weights.Input(HostTensor.Of(ids, 1, ids.Length)))).Floats.ToArray();
        var text = Embed(18, 7, 4, 19, 0, 0, 0);
        AssertClose(text, Embed(18, 7, 4, 19, 5, 11, 3));
        Assert.DoesNotContain(text.Zip(Embed(18, 8, 4, 19, 0, 0, 0)), pair => pair.First == pair.Second);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tokens_of_a_clip_see_each_other_only_if_configured(bool across)
    {
        var weights = new FixtureWeights("");
        var phi = new Phi(new Scope(weights), SmallNetwork.Phi with { AttendAcrossTokens = across });
        var all = FixtureWeights.ToHost(phi.Forward(weights.Gauss("features", 1, 8, 12))).Floats.ToArray();
        var half = FixtureWeights.ToHost(phi.Forward(weights.Gauss("features", 1, 8, 12).Slice(1, 0, 4))).Floats.ToArray();
        Assert.Equal(!across, all[..4].Zip(half).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5));
    }

    [Fact]
    public void Learned_positions_tell_equal_tokens_apart()
    {
        var weights = new FixtureWeights("");
        var equal = weights.Input(HostTensor.Of(new float[8 * 12], 1, 8, 12));
        float[] Energy(PhiConfiguration c) => FixtureWeights.ToHost(new Phi(new Scope(weights), c).Forward(equal)).Floats.ToArray();
        Assert.Single(Energy(SmallNetwork.Phi).Distinct());
        Assert.Equal(8, Energy(SmallNetwork.Phi with { Positions = 8 }).Distinct().Count());
    }

    static HostTensor[] UNetInputs() => SmallNetwork.Inputs(SmallNetwork.Define("controlled_unet"), batch: 2);

    static Tensor Wrap(TorchWeights weights, HostTensor value) => weights.Wrap(FixtureWeights.ToTorch(value));

    static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    /// <summary>Sets each folded weight to the length times the direction of the normalised ones.</summary>
    sealed class Folding(FixtureWeights normed) : IWeights
    {
        public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained)
        {
            if (!name.EndsWith("weight", StringComparison.Ordinal))
                return normed.Get(name, shape, init, trained);
            var direction = ((TorchTensor)normed.Get(name + "_v", shape, init, trained)).Value;
            var length = ((TorchTensor)normed.Get(name + "_g", [shape[0], 1, 1], init, trained)).Value;
            return new TorchTensor(length * direction / direction.square().sum([1, 2], keepdim: true).sqrt(), new());
        }
    }
}
