# Base image of AudioDiffusion on a GPU: the libraries of CUDA 13 and cuDNN 9 that ONNX Runtime needs, and the .NET runtime. DOTNET and CUDA
# may name their images by digest.
ARG DOTNET=mcr.microsoft.com/dotnet/aspnet:10.0
ARG CUDA=nvidia/cuda:13.0.1-cudnn-runtime-ubuntu24.04
FROM ${DOTNET} AS dotnet
FROM ${CUDA}
COPY --from=dotnet /usr/share/dotnet /usr/share/dotnet
ENV APP_UID=1654 ASPNETCORE_HTTP_PORTS= DOTNET_RUNNING_IN_CONTAINER=true DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true ORT_DISABLE_TELEMETRY=1
RUN ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet && groupadd --gid $APP_UID app && useradd --uid $APP_UID --gid $APP_UID --create-home app
USER $APP_UID
