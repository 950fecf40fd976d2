using Microsoft.Extensions.Options;
using Rewas.AudioDiffusion;
using Rewas.Clip.Names;
using Rewas.Hosting;
using Rewas.Tests.Networks.Onnx;

namespace Rewas.Tests.Services;

public sealed class TextConditionsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_prompt_conditions_the_denoiser_otherwise_than_no_text_does(bool sentences)
    {
        using var tiny = new TinyBundle(sentences: sentences);
        var options = Options.Create(new AudioDiffusionOptions { MaxBatchRows = 2 });
        using var energyToMel = new EnergyToMel(tiny.Bundle, Options.Create(Recorded.OneThread), options);
        var clock = new StageClock("test", tiny.Bundle);
        TextConditions Of(string prompt, string negative = "")
        {
            var request = SamplingRequest.From(
                new() { Prompt = prompt, NegativePrompt = negative }, tiny.Bundle.Manifest.Sampler, [ControlNames.Energy]);
            return energyToMel.EncodeTexts(request, clock, CancellationToken.None);
        }

        Assert.NotEqual(Of("a dog barks").Prompt, Of("rain on a roof").Prompt);
        Assert.NotEqual(Of("a dog barks").Prompt, Of("a dog barks").Other);
        Assert.Equal(Of("rain on a roof").Other, Of("a dog barks").Other);
        Assert.Equal(Of("rain on a roof").Prompt, Of("a dog barks", negative: "rain on a roof").Other);
        Assert.Equal(Of("a dog barks").Prompt, Of("a dog barks").Prompt);
    }
}
