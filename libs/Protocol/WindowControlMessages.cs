using Rewas.Networks;
using Rewas.V1;

namespace Rewas.Protocol;

/// <summary>Converts the control of a window to wire messages.</summary>
public static class WindowControlMessages
{
    public static EnergyWindow ToMessage(this WindowControl control, int window)
    {
        var message = new EnergyWindow
        {
            Window = window,
            Energy = HostTensor.Of(control.Energy, control.Energy.Length).ToMessage("energy"),
            Cuts = { control.Cuts },
        };
        if (control.Onsets is { } onsets)
            message.Onsets = HostTensor.Of(onsets, onsets.Length).ToMessage("onsets");
        if (control.Texture is { } texture)
            {
                const int numbers = ControlDescriptors.TextureNumbers;
                message.Texture = HostTensor.Of(texture, texture.Length / numbers, numbers).ToMessage("texture");
            }
        return message;
    }
}
