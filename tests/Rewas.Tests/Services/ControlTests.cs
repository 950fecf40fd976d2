using Grpc.Core;
using Rewas.Clip;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Tests.Services;

/// <summary>
/// The controls of a sound beside its text (energy, onsets, energy with texture, or nothing), on a bundle that knows them all.
/// </summary>
public sealed class ControlTests : IAsyncLifetime
{
    ServiceHost? host;

    V1.AudioDiffusion.AudioDiffusionClient Diffusion => new(host!.Channel);

    public async ValueTask InitializeAsync() => host = await ServiceHost.StartAsync(new TinyBundle(descriptors: true));

    public ValueTask DisposeAsync() => host!.DisposeAsync();

    [Fact]
    public async Task Each_control_hears_what_it_is_about_and_nothing_else()
    {
        var window = Window(level: -3, onsetEvery: 100, texture: 0.5f);
        var (louder, denser, brighter) = (Window(-6, 100, 0.5f), Window(-3, 50, 0.5f), Window(-3, 100, 0.8f));
        foreach (var (control, energy, onsets, texture) in ((string, bool, bool, bool)[])
            [
                ("energy", true, false, false),
                ("onset", false, true, false),
                ("texture", true, false, true),
                ("text-only", false, false, false),
            ])
        {
            var mel = await MelAsync(control, window);
            Assert.Equal(energy, Differs(mel, await MelAsync(control, louder)));
            Assert.Equal(onsets, Differs(mel, await MelAsync(control, denser)));
            Assert.Equal(texture, Differs(mel, await MelAsync(control, brighter)));
        }
    }

    [Fact]
    public async Task The_bundles_own_control_is_the_default_and_the_caller_is_told()
    {
        var answers = await Diffusion.Generate().Exchange(Options(""), Part(Window(-3, 100, 0.5f)));
        Assert.Equal("energy", answers[0].Sampler.Control);
        Assert.Equal(await MelAsync("energy", Window(-3, 100, 0.5f)), Mel(answers));
    }

    [Fact]
    public async Task What_a_control_needs_must_come_with_each_window()
    {
        var bare = new WindowControl(Window(-3, 100, 0.5f).Energy);
        await Diffusion.Generate()
            .Exchange(Options("onset"), Part(bare))
            .Fails(StatusCode.InvalidArgument, "onsets", "must be given with control onset");
        await Diffusion.Generate()
            .Exchange(Options("texture"), Part(bare))
            .Fails(StatusCode.InvalidArgument, "texture", "must be given with control texture");
        await Diffusion.Generate().Exchange(Options("onset"), Part(Window(-3, 100, 0.5f) with { Onsets = [.. Enumerable.Repeat(2f, 512)] }))
            .Fails(StatusCode.InvalidArgument, "onsets", "must be from 0 to 1, but is 2");
        await Diffusion.Generate()
            .Exchange(Options("loudness"), Part(bare))
            .Fails(StatusCode.InvalidArgument, "control", "must be one of energy, onset, texture, text-only, but is 'loudness'");
    }

    [Fact]
    public async Task A_bundle_that_knows_energy_alone_says_so()
    {
        await using var plain = await ServiceHost.StartAsync(new TinyBundle());
        var client = new V1.AudioDiffusion.AudioDiffusionClient(plain.Channel);
        await client.Generate()
            .Exchange(Options("texture"), Part(Window(-3, 100, 0.5f)))
            .Fails(StatusCode.FailedPrecondition, "control", "must be one of energy, text-only with this bundle");
        var answers = await client.Generate().Exchange(Options("text-only"), Part(Window(-3, 100, 0.5f)));
        Assert.Equal(Mel(answers), Mel(await client.Generate().Exchange(Options("text-only"), Part(Window(-6, 100, 0.5f)))));
    }

    [Fact]
    public async Task The_predictor_tells_onsets_and_texture_with_the_energy()
    {
        var client = new V1.EnergyPredictor.EnergyPredictorClient(host!.Channel);
        var described = await client.DescribeAsync(new());
        Assert.Equal(["energy", "onsets", "texture"], described.Outputs.Select(o => o.Name));
        var features = HostTensor.Of([.. Enumerable.Range(0, 128).Select(i => MathF.Sin(i))], 8, 16).ToMessage("features");
        var answers = await client.Predict().Exchange(Enumerable.Range(0, 15).Select(
            segment => new PredictEnergyRequest { Segment = new() { Window = 0, Segment = segment, Features = features } }));
        var onsets = answers[0].Energy.Onsets.ToHostTensor("onsets", 512).Floats.ToArray();
        var texture = answers[0].Energy.Texture.ToHostTensor("texture", 512, 5).Floats.ToArray();
        Assert.All(onsets, value => Assert.True(value is 0 or 1));
        Assert.All(texture, value => Assert.InRange(value, 0, 1));
    }

    async Task<float[]> MelAsync(string control, WindowControl window) =>
        Mel(await Diffusion.Generate().Exchange(Options(control), Part(window)));

    static bool Differs(float[] one, float[] other) => !one.AsSpan().SequenceEqual(other);

    static float[] Mel(List<GenerateResponse> answers) =>
        [.. answers.Where(a => a.Mel is not null).SelectMany(a => a.Mel.Mel.ToHostTensor("mel", -1, 64).Floats.ToArray())];

    static GenerateRequest Options(string control) =>
        new() { Options = new() { Prompt = "a dog barks", Seed = 1, Steps = 2, Control = control } };

    static GenerateRequest Part(WindowControl window) => new() { Energy = window.ToMessage(0) };

    static WindowControl Window(float level, int onsetEvery, float texture) => new(
        [.. Enumerable.Range(0, 512).Select(i => level + MathF.Sin(i * 0.1f))],
        [.. Enumerable.Range(0, 512).Select(i => i % onsetEvery == 0 ? 1f : 0)],
        [.. Enumerable.Repeat(texture, 512 * 5)]);
}
