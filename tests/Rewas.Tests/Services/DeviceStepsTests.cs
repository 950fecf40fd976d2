using Microsoft.Extensions.Options;
using Rewas.AudioDiffusion;
using Rewas.AudioDiffusion.Samplers;
using Rewas.Bundles;
using Rewas.Clip.Names;
using Rewas.Hosting;
using Rewas.Tests.Networks.Onnx;

namespace Rewas.Tests.Services;

/// <summary>
/// Steps on a device beside steps on the host. The device is this machine's processor here: the same networks, tensors and bindings with
/// another allocator.
/// </summary>
public sealed class DeviceStepsTests : IDisposable
{
    const int MaxRows = 16;

    static readonly SamplerDefaults Training = new(200, 3, 1);

    readonly TinyBundle tiny = new();
    readonly EnergyToMel energyToMel;
    readonly Denoiser onDevice;
    readonly DiffusionQueue queue = new(64, TimeSpan.FromMinutes(1));

    public DeviceStepsTests()
    {
        energyToMel = new EnergyToMel(
            tiny.Bundle, Options.Create(Recorded.OneThread), Options.Create(new AudioDiffusionOptions { MaxBatchRows = MaxRows }));
        onDevice = new Denoiser(tiny.Bundle, Recorded.OneThread, MaxRows, precision: null, onDevice: true);
    }

    public void Dispose()
    {
        onDevice.Dispose();
        energyToMel.Dispose();
        tiny.Dispose();
    }

    [Theory]
    [InlineData(SamplerNames.Ddim, 0)]
    [InlineData(SamplerNames.Ddim, 1)]
    [InlineData(SamplerNames.DpmSolver, 0)]
    [InlineData(SamplerNames.DpmSolverSde, 0)]
    [InlineData(SamplerNames.UniPc, 0)]
    public void Every_sampler_ends_at_the_hosts_latent(string sampler, double eta) => AssertSame(
    [
        [new(Request(sampler, 6, new(3, 3), eta))],
        [new(Request(sampler, 5, new(2.5, 4), eta)), new(Request(sampler, 5, new(1, 1), eta))],
        [new(Request(sampler, 4, new(3, 3) { Rescale = 0.7 }, eta))],
        [new(Request(sampler, 8, new(3, 3) { From = 0.8, To = 0.3 }, eta))],
        [new(Request(sampler, 6, new(3, 3), eta), IsJoined: true), new(Request(sampler, 6, new(3, 3), eta))],
        [new(Request(sampler, 1, new(3, 3), eta))],
    ]);

    [Fact]
    public void Predictions_of_velocity_are_understood() => AssertSame(
        [[new(Request(SamplerNames.UniPc, 6, new(3, 3), training: Training with { Prediction = PredictionNames.Velocity }))]]);

    /// <summary>Windows end at different steps and others join, so the batch changes while some go on.</summary>
    [Fact]
    public void A_batch_may_change_at_any_step() => AssertSame(
    [
        [
            new(Request(SamplerNames.UniPc, 3, new(3, 3))), new(Request(SamplerNames.Ddim, 7, new(2, 4), eta: 1)),
            new(Request(SamplerNames.DpmSolver, 5, new(1, 1))), new(Request(SamplerNames.DpmSolverSde, 6, new(3, 3)), Late: 2),
        ],
    ]);

    [Fact]
    public void Nothing_is_read_from_the_host_while_the_batch_stays()
    {
        var (there, here) = (Work(new(Request(SamplerNames.UniPc, 6, new(3, 3)))), Work(new(Request(SamplerNames.UniPc, 6, new(3, 3)))));
        while (!there.Sampler.IsDone)
        {
            onDevice.Step([there], TestContext.Current.CancellationToken);
            if (!there.Sampler.IsDone)
                there.Sampler.Kept(StepTerm.Latent).Fill(float.NaN);
        }
        Run(energyToMel.Denoiser, [here]);
        AssertClose(here, there);
    }

    [Fact]
    public void A_failed_step_does_not_spoil_the_next()
    {
        var (cancelled, here, there) = (Work(Six), Work(Six), Work(Six));
        onDevice.Step([cancelled], TestContext.Current.CancellationToken);
        Assert.ThrowsAny<OperationCanceledException>(() => onDevice.Step([cancelled], new CancellationToken(canceled: true)));
        Run(onDevice, [there]);
        Run(energyToMel.Denoiser, [here]);
        AssertClose(here, there);
    }

    [Fact]
    public void Latents_that_cannot_be_brought_back_when_others_have_their_turn_are_sampled_again()
    {
        var (here, there, other) = (Work(Six), Work(Six), Work(Six));
        onDevice.Step([there], TestContext.Current.CancellationToken);
        onDevice.Step([there], TestContext.Current.CancellationToken);
        Assert.ThrowsAny<OperationCanceledException>(() => onDevice.Step([other], new CancellationToken(canceled: true)));
        Run(onDevice, [there]);
        Run(energyToMel.Denoiser, [here]);
        AssertClose(here, there);
    }

    static Case Six => new(Request(SamplerNames.UniPc, 6, new(3, 3)));

    void AssertSame(Case[][] batches)
    {
        foreach (var batch in batches)
        {
            SamplingWork[] here = [.. batch.Select(Work)], there = [.. batch.Select(Work)];
            Run(energyToMel.Denoiser, here, batch);
            Run(onDevice, there, batch);
            foreach (var (one, other) in here.Zip(there))
                AssertClose(one, other);
        }
    }

    static void Run(Denoiser denoiser, SamplingWork[] works, Case[]? cases = null)
    {
        for (var step = 0; works.Any(work => !work.Sampler.IsDone); step++)
        {
            List<SamplingWork> present = [.. works.Where((work, i) => !work.Sampler.IsDone && step >= (cases?[i].Late ?? 0))];
            denoiser.Step(present, TestContext.Current.CancellationToken);
        }
    }

    static void AssertClose(SamplingWork expected, SamplingWork actual)
    {
        float[] one = [.. expected.Sampler.Latent], other = [.. actual.Sampler.Latent];
        Assert.All(one, value => Assert.True(float.IsFinite(value)));
        var deviation = Math.Sqrt(one.Average(value => (double)value * value));
        Assert.InRange(one.Zip(other, (a, b) => Math.Abs(a - b)).Max() / deviation, 0, 1e-4);
    }

    SamplingWork Work(Case wanted)
    {
        var clock = new StageClock("AudioDiffusion", tiny.Bundle);
        var texts = energyToMel.EncodeTexts(wanted.Request, clock, CancellationToken.None);
        float[] energy = [.. Enumerable.Range(0, 512).Select(i => -3 + MathF.Sin(i * 0.1f))];
        var conditions = energyToMel.EncodeControl(texts, new(energy), ControlNames.Energy, clock, CancellationToken.None);
        var denoiser = energyToMel.Denoiser;
        float[] neighbour = [.. Enumerable.Range(0, denoiser.LatentLength).Select(i => MathF.Sin(i * 0.37f))];
        var context = wanted.IsJoined ? new FixedContext(denoiser.LatentShape, neighbour, neighbour, frames: 12) : null;
        var sampler = new WindowSampler(wanted.Request, conditions, denoiser.LatentLength, window: 0, context: context);
        return new SamplingWork(sampler, queue.TryAdmit()!, null, null, CancellationToken.None);
    }

    static SamplingRequest Request(
        string sampler, int steps, Guidance guidance, double eta = 0, SamplerDefaults? training = null) =>
        new(7, sampler, eta, new NoiseLevels(training ?? Training, SamplerNames.LogSnr, steps), guidance) { Prompt = "a dog barks" };

    /// <param name="IsJoined">Whether its first and last frames are those of neighbours.</param>
    /// <param name="Late">Step of the batch at which it joins.</param>
    sealed record Case(SamplingRequest Request, bool IsJoined = false, int Late = 0);
}
