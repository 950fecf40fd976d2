using Rewas.Networks;
using Rewas.V1;

namespace Rewas.Protocol;

/// <summary>What controls a window, on the wire.</summary>
public static class WindowControlMessages
{
    public static EnergyWindow ToMessage(this WindowControl control, int window)
    {
        var message = new EnergyWindow { Window = window, Energy = HostTensor.Of(control.Energy, control.Energy.Length).ToMessage("energy"), Cuts = { control.Cuts } };
        if (control.Onsets is { } onsets)
            message.Onsets = HostTensor.Of(onsets, onsets.Length).ToMessage("onsets");
        if (control.Texture is { } texture)
            message.Texture = HostTensor.Of(texture, texture.Length / ControlDescriptors.TextureNumbers, ControlDescriptors.TextureNumbers).ToMessage("texture");
        return message;
    }
}
